using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>A network at one point of weight space as torch tensors: forward and backward passes over chunks of samples.</summary>
/// <remarks>
/// Everything is [samples, units]. Weights and inputs are copied into torch's own memory, which starts on a cache line: on a pinned array, which starts
/// anywhere, MKL rounds differently from call to call. May be used from several threads at once; outlives the dispose scope it was made in.
/// </remarks>
internal sealed class DensePass : IDisposable
{
    private readonly FullyConnected _network;
    private readonly Tensor[] _matrices;
    private readonly Tensor[] _biases;

    public DensePass(DenseWeights weights, ScalarType type)
    {
        _network = weights.Network;
        Type = type;
        _matrices = [.. weights.Matrices.Select((matrix, layer) => Kept(matrix, _network.OutputsOf(layer), _network.InputsOf(layer)))];
        _biases = [.. weights.Biases.Select(bias => Kept(bias, bias.Length))];
    }

    public ScalarType Type { get; }

    public int Layers => _matrices.Length;

    /// <summary>W [outputs, inputs] of a layer.</summary>
    public Tensor Matrix(int layer) => _matrices[layer];

    /// <summary>Consecutive samples' inputs, [count, width].</summary>
    public Tensor Inputs(LabelledSamples samples, int first, int count) => SampleInputs.Of(samples, first, count, Type);

    /// <summary>As many consecutive samples' inputs as <paramref name="buffer"/>, in single precision, has rows for: memory touched before costs less to fill than fresh one.</summary>
    public Tensor Inputs(LabelledSamples samples, int first, Tensor buffer)
    {
        var numbers = MemoryMarshal.Cast<byte, float>(buffer.bytes);
        samples.Read(first, numbers.Length / samples.Width, numbers);
        return buffer.to(Type);
    }

    /// <summary>The inputs of samples in any order, [count, width].</summary>
    public Tensor Inputs(LabelledSamples samples, ReadOnlySpan<int> which)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)which.Length * samples.Width, int.MaxValue / sizeof(float), nameof(which));
        return SampleInputs.Of(samples, which, Type);
    }

    /// <summary>z = W·h + b.</summary>
    public Tensor Preactivation(int layer, Tensor inputs)
    {
        var z = inputs.matmul(_matrices[layer].t());
        return _biases.Length > 0 ? z.add_(_biases[layer], HeldScalar.One) : z;
    }

    /// <summary>What hidden units make of z; overwrites it.</summary>
    public Tensor Activate(Tensor preactivation) => _network.Activation.IsRelu() ? preactivation.relu_() : preactivation.tanh_();

    /// <summary>From the inputs of layer <paramref name="from"/>: the inputs of every layer from there on, then the logits; null for the layers in front.</summary>
    public Tensor[] Forward(Tensor inputs, int from = 0)
    {
        var values = new Tensor[Layers + 1];
        values[from] = inputs;
        for (int layer = from; layer < Layers; layer++)
        {
            var z = Preactivation(layer, values[layer]);
            values[layer + 1] = layer < Layers - 1 ? Activate(z) : z;
        }

        return values;
    }

    /// <summary>δ = ∂ℓ/∂z of every layer from <paramref name="lowest"/> on; null for the layers in front.</summary>
    /// <param name="values">As <see cref="Forward"/> returns them.</param>
    /// <param name="labels">[samples], 64-bit integers.</param>
    /// <param name="lowest">The first layer whose errors are wanted.</param>
    public Tensor[] Backward(Tensor[] values, Tensor labels, int lowest)
    {
        var errors = new Tensor[Layers];
        errors[^1] = OutputErrors(values[^1], labels);
        for (int layer = Layers - 2; layer >= lowest; layer--)
            errors[layer] = TimesDerivative(errors[layer + 1].matmul(_matrices[layer + 1]), values[layer + 1]);
        return errors;
    }

    /// <summary>φ′(z)·x in terms of a = φ(z): 1 where a &gt; 0 for ReLU, as autograd has it, 1 − a² for tanh. Overwrites x.</summary>
    public Tensor TimesDerivative(Tensor x, Tensor activation) =>
        x.mul_(_network.Activation.IsRelu() ? activation.gt(HeldScalar.Zero) : activation.pow(HeldScalar.Two).sub_(HeldScalar.One).neg_());

    /// <summary>Adds φ″(z) ż (W′ᵀ·δ′) to <paramref name="errorRates"/>: −2 a ż δ for tanh, since φ″ = −2 a φ′ and δ = φ′ W′ᵀ·δ′; nothing for ReLU.</summary>
    public void AddSecondDerivative(Tensor errorRates, Tensor activation, Tensor errors, Tensor preactivationRates)
    {
        if (!_network.Activation.IsRelu())
            errorRates.addcmul_(activation * errors, preactivationRates, HeldScalar.MinusTwo);
    }

    /// <summary>Labels as torch takes them.</summary>
    public static Tensor Labels(ReadOnlySpan<int> labels) => tensor(labels.ToArray(), dtype: ScalarType.Int64);

    public void Dispose()
    {
        foreach (var tensor in _matrices.Concat(_biases))
            tensor.Dispose();
    }

    /// <summary>
    /// ∂ℓ/∂yₙ = exp(yₙ − y_k)/Σₘ exp(yₘ − y_k), and minus the sum of these for the label k itself: relative precision at losses of 1e-9,
    /// where 1 − softmax has none.
    /// </summary>
    public static Tensor OutputErrors(Tensor logits, Tensor labels)
    {
        var column = labels.unsqueeze(1);
        var own = zeros_like(logits, dtype: ScalarType.Bool).scatter_(1, column, ones_like(column, dtype: ScalarType.Bool));
        var margins = (logits - logits.gather(1, column)).masked_fill_(own, HeldScalar.NegativeInfinity);
        var largest = margins.amax([1L], keepdim: true).clamp_(min: HeldScalar.Zero);
        var exponentials = (margins - largest).exp_();
        var sum = exponentials.sum(1, keepdim: true);
        var partition = sum.add(largest.neg().exp(), HeldScalar.One);
        return exponentials.div_(partition).scatter_(1, column, sum.div(partition).neg_());
    }

    private Tensor Kept(float[] values, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return tensor(values).to(Type, copy: true).reshape(shape).DetachFromDisposeScope();
    }
}
