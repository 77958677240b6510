using Talweg.Networks;

namespace Talweg.Training;

/// <summary>A network in training, with its data: the weights as they are, and the gradients of minibatches at them. On one thread.</summary>
internal interface ITrainingModel : IDisposable
{
    /// <summary>∂L^μ/∂w of a minibatch of training samples, written to <paramref name="gradient"/>, [N] in the order of <see cref="WeightSpace.All"/>. Returns L^μ.</summary>
    /// <remarks>Batch normalisation takes the minibatch's statistics, and moves the running ones.</remarks>
    /// <param name="batch">The samples.</param>
    /// <param name="randomSeed">For networks with random layers: it decides what they draw.</param>
    /// <param name="gradient">Overwritten.</param>
    double Gradient(ReadOnlySpan<int> batch, long randomSeed, Span<float> gradient);

    /// <summary>How well it does on the test set or the training set.</summary>
    /// <remarks>Batch normalisation takes the running statistics.</remarks>
    Performance Evaluate(bool test);

    /// <summary>Copies a weight space's weights into <paramref name="flat"/>, [N].</summary>
    void Read(WeightSpace space, Span<float> flat);

    /// <summary>Sets a weight space's weights to <paramref name="flat"/>, [N]; what a module's owner has frozen stays.</summary>
    void Load(WeightSpace space, ReadOnlySpan<float> flat);

    /// <summary>The weights as they are now, running statistics too.</summary>
    NetworkWeights Weights();
}
