using Talweg.Networks;

namespace Talweg.Training;

/// <summary>A fully connected network in training, in kernels of our own.</summary>
internal sealed class DenseTraining(DenseWeights weights, TrainingData data, int largestBatch, IReadOnlyList<int>? trainedLayers = null) : ITrainingModel
{
    private readonly DenseModel _model = new(weights, largestBatch, trainedLayers);

    /// <summary>A step of plain SGD in place.</summary>
    public double Step(ReadOnlySpan<int> batch, double rate) => _model.Step(data.SparseTrain, batch, rate);

    public double Gradient(ReadOnlySpan<int> batch, long randomSeed, Span<float> gradient) => _model.Gradient(data.SparseTrain, batch, gradient);

    public Performance Evaluate(bool test) => _model.Evaluate(test ? data.SparseTest : data.SparseTrain);

    public void Read(WeightSpace space, Span<float> flat) => _model.Read(space, flat);

    public void Load(WeightSpace space, ReadOnlySpan<float> flat) => _model.Load(space, flat);

    /// <summary>w ← w + <paramref name="factor"/>·<paramref name="step"/> of a weight space.</summary>
    public void Add(WeightSpace space, ReadOnlySpan<float> step, double factor) => _model.Add(space, step, (float)factor);

    public NetworkWeights Weights() => _model.Weights();

    public void Dispose() => _model.Dispose();
}
