using System.Collections.Concurrent;
using System.Globalization;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Storage;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>Samples of earlier tasks: R(w) = λ L^ν(w), the mean loss of a minibatch ν that is drawn from them anew at every step.</summary>
/// <remarks>Memory: the samples in single precision, 3 KB for one of MNIST, and the network once for every run that uses it at the same time.</remarks>
public sealed class ReplayMemory : IMemory
{
    private readonly TrainingData _data;
    private readonly NetworkWeights _weights;
    private readonly int _batchSize;
    private readonly double _lambda;
    private readonly long _seed;
    private readonly ConcurrentBag<ReplayModel> _models = [];

    private ReplayMemory(LabelledSamples samples, NetworkWeights weights, WeightSpace space, int batchSize, double lambda, long seed)
    {
        (Samples, _weights, Space, _batchSize, _lambda, _seed) = (samples, weights, space, batchSize, lambda, seed);
        _data = new(samples, samples);
        Description = string.Create(CultureInfo.InvariantCulture, $"replay of {samples.Count} samples {Checksum(samples)}, B = {batchSize}, λ = {lambda:R}, seed {seed}");
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public WeightSpace Space { get; }

    /// <summary>What is kept, of all earlier tasks together.</summary>
    public LabelledSamples Samples { get; }

    /// <inheritdoc/>
    public long Bytes => Samples.Count * (sizeof(float) * (long)Samples.Width + sizeof(int));

    internal static ReplayMemory Of(ReplayMemory? earlier, LabelledSamples samples, NetworkWeights weights, WeightSpace space, int batchSize, double lambda, long seed) =>
        new(earlier is null ? samples : LabelledSamples.Together([earlier.Samples, samples]), weights, space, batchSize, lambda, seed);

    /// <inheritdoc/>
    public double AddGradient(long iteration, ReadOnlySpan<float> weights, Span<float> gradient)
    {
        if (!_models.TryTake(out var model))
            model = new(_weights, _data, Space);
        var random = new RandomStream(_seed, $"replay/{iteration}");
        int[] batch = new int[_batchSize];
        for (int i = 0; i < batch.Length; i++)
            batch[i] = random.Next(Samples.Count);
        double loss = model.AddGradient(batch, (float)_lambda, weights, gradient);
        _models.Add(model);
        return _lambda * loss;
    }

    private static string Checksum(LabelledSamples samples)
    {
        using var hash = new NumbersHash();
        return hash.With<float>(samples.Inputs).With<int>(samples.Labels).Finish();
    }

    /// <summary>The network at work on the buffer.</summary>
    /// <remarks>Its native memory is freed by the buffers' own finalisers: the memory is a value that runs share, and nobody's to dispose.</remarks>
    private sealed class ReplayModel(NetworkWeights weights, TrainingData data, WeightSpace space)
    {
        private readonly ITrainingModel _model = weights is DenseWeights dense ? new DenseTraining(dense, data, 1) : new TorchTraining(weights, data);
        private readonly float[] _all = new float[WeightSpace.All(weights.Network).Dimension];
        private readonly float[] _part = new float[space.Dimension];
        private readonly SpaceWithin _place = new(space, WeightSpace.All(weights.Network));

        public double AddGradient(int[] batch, float factor, ReadOnlySpan<float> at, Span<float> gradient)
        {
            _model.Load(space, at);
            double loss = _model.Gradient(batch, 0, _all);
            _place.Gather(_all, _part);
            for (int k = 0; k < _part.Length; k++)
                gradient[k] += factor * _part[k];
            return loss;
        }
    }
}
