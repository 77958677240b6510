namespace Talweg.Networks;

/// <summary>A network: what it takes, what it gives, and its weights by name. Immutable; the values are in <see cref="NetworkWeights"/>.</summary>
/// <remarks>
/// <see cref="FullyConnected"/> runs in kernels of our own, <see cref="LayeredNetwork"/> (convolutions, pooling, normalisation, residual blocks) in
/// batched torch operations that know its layers, <see cref="ModuleNetwork"/> (any TorchSharp module or TorchScript file) by plain forward and backward passes.
/// </remarks>
public abstract class Network : IEquatable<Network>
{
    private protected Network()
    {
    }

    /// <summary>Numbers a sample.</summary>
    public abstract int Inputs { get; }

    /// <summary>Number of classes.</summary>
    public abstract int Outputs { get; }

    /// <summary>All weights and running statistics, in the order in which <see cref="NetworkWeights.Tensors"/> has their values.</summary>
    public abstract IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>Number of weight layers: matrices and kernels, counted in the order of <see cref="Tensors"/>.</summary>
    public virtual int Layers => Tensors.Count(tensor => tensor.Role == TensorRole.Weight);

    /// <summary>Whether any layer adds a bias.</summary>
    public virtual bool HasBiases => Tensors.Any(tensor => tensor.Role == TensorRole.Bias);

    /// <summary>Whether it has batch normalisation, so that training and evaluation mode differ.</summary>
    /// <remarks>Told by the running variances: a module may have other tables that nothing trains.</remarks>
    public bool Normalises => Tensors.Any(tensor => tensor.Role == TensorRole.RunningVariance);

    /// <summary>Reads a network's text: <c>fc:784-50-50-10</c>, <c>lenet-mnist</c>, <c>resnet50:32</c>, <c>net:1x28x28/conv16k3p1/relu/pool2/dense10</c>.</summary>
    /// <exception cref="InputException">The text names no network.</exception>
    public static Network Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("fc:", StringComparison.Ordinal) ? FullyConnected.Parse(text) : NetworkCatalogue.Parse(text);
    }

    /// <summary>The matrix or kernel of a layer, counted from 0.</summary>
    public WeightTensor WeightOf(int layer) => Tensors.First(tensor => tensor.Layer == layer && tensor.Role == TensorRole.Weight);

    /// <summary>The text by which it is known, and by which <see cref="Parse"/> finds it again where it can.</summary>
    public abstract override string ToString();

    /// <inheritdoc/>
    public virtual bool Equals(Network? other) => other is not null && GetType() == other.GetType() && ToString() == other.ToString();

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Network);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
