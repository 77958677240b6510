using Talweg.Data;

namespace Talweg.Training;

/// <summary>Training and test samples, prepared once for any number of runs. May be shared by threads.</summary>
public sealed class TrainingData
{
    private readonly Lazy<SparseInputs> _sparseTrain;
    private readonly Lazy<SparseInputs> _sparseTest;

    /// <param name="train">What is learned.</param>
    /// <param name="test">What is not.</param>
    /// <exception cref="ArgumentException">Widths differ.</exception>
    public TrainingData(LabelledSamples train, LabelledSamples test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (train.Width != test.Width)
            throw new ArgumentException($"Training samples have {train.Width} inputs, but test samples {test.Width}.", nameof(test));
        Train = train;
        Test = test;
        _sparseTrain = new(() => new(train));
        _sparseTest = new(() => new(test));
    }

    /// <summary>What is learned.</summary>
    public LabelledSamples Train { get; }

    /// <summary>What is not.</summary>
    public LabelledSamples Test { get; }

    /// <summary>Made when first asked for: only fully connected networks use it, and for images without background it is larger than the images.</summary>
    internal SparseInputs SparseTrain => _sparseTrain.Value;

    internal SparseInputs SparseTest => _sparseTest.Value;
}
