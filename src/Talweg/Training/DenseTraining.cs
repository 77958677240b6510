using Talweg.Networks;

namespace Talweg.Training;

/// <summary>A fully connected network in training, in kernels of our own.</summary>
internal sealed class DenseTraining(DenseWeights weights, TrainingData data, int largestBatch) : ITrainingModel
{
    private readonly DenseModel _model = new(weights, largestBatch);

    /// <summary>A step of plain SGD in place.</summary>
    public double Step(ReadOnlySpan<int> batch, double rate) => _model.Step(data.SparseTrain, batch, rate);

    public double Gradient(ReadOnlySpan<int> batch, long randomSeed, Span<float> gradient) => _model.Gradient(data.SparseTrain, batch, gradient);

    public (double Loss, double Error) Evaluate(bool test) => _model.Evaluate(test ? data.SparseTest : data.SparseTrain);

    public void Read(WeightSpace space, Span<float> flat) => _model.Read(space, flat);

    public void Load(WeightSpace space, ReadOnlySpan<float> flat) => _model.Load(space, flat);

    public NetworkWeights Weights() => _model.Weights();

    public void Dispose() => _model.Dispose();
}
