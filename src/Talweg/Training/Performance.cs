using Talweg.Networks;

namespace Talweg.Training;

/// <summary>How well weights do on samples.</summary>
/// <param name="Loss">Mean cross entropy, nats.</param>
/// <param name="Error">Share of misclassified samples, over all outputs of the network; a tie for the largest logit counts as an error.</param>
/// <param name="OwnError">The same if only the classes that occur among the samples compete: what is wrong within a task whose classes are some of all.</param>
public sealed record Performance(double Loss, double Error, double OwnError)
{
    /// <summary>Takes them over the test samples, batch normalisation by its running statistics; on one thread.</summary>
    /// <exception cref="ArgumentException">The samples do not fit the network.</exception>
    public static Performance OnTest(NetworkWeights weights, TrainingData data)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(data);
        if (data.Test.Width != weights.Network.Inputs || data.Test.Classes > weights.Network.Outputs)
            throw new ArgumentException($"{weights.Network} has {weights.Network.Inputs} inputs and {weights.Network.Outputs} outputs, but the samples have {data.Test.Width} and {data.Test.Classes} classes.", nameof(data));
        using ITrainingModel model = weights is DenseWeights dense ? new DenseTraining(dense, data, 1) : new TorchTraining(weights, data);
        return model.Evaluate(test: true);
    }
}

/// <summary>Adds up performance, sample by sample.</summary>
internal sealed unsafe class PerformanceSum(int classes, IEnumerable<int> labels)
{
    private readonly int[] _own = [.. labels.Distinct().Order()];
    private double _loss;
    private int _samples, _errors, _ownErrors;

    public Performance Mean => new(_loss / _samples, (double)_errors / _samples, (double)_ownErrors / _samples);

    /// <param name="logits">Of one sample, in a row of whole vectors.</param>
    /// <param name="label">Its class.</param>
    public void Add(float* logits, int label)
    {
        _loss += Softmax.Loss(logits, classes, label, out bool correct);
        _samples++;
        _errors += correct ? 0 : 1;
        if (!correct && !IsLargestOfOwn(logits, label))
            _ownErrors++;
    }

    private bool IsLargestOfOwn(float* logits, int label)
    {
        foreach (int rival in _own)
        {
            if (rival != label && !(logits[label] > logits[rival]))
                return false;
        }

        return true;
    }
}
