using Talweg.Native;
using Talweg.Networks;
using Talweg.Networks.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>A forward pass at w₀ + t·p for many displacements t at once, with the exact derivative by t of all that flows.</summary>
/// <remarks>
/// Dense layers, convolutions and the scales and shifts of normalisations are linear in their weights: with weights W + t·P and biases b + t·q,
/// z = (W·h + b) + t·(P·h + q) and z′ = W·h′ + t·P·h′ + (P·h + q). In front of the first weight that moves everything runs once, behind it once a
/// displacement. To be used under no_grad, for one chain of layers.
/// </remarks>
/// <param name="weights">In the order of <see cref="Network.Tensors"/>.</param>
/// <param name="directions">The stretches of p, likewise; null for what does not move.</param>
/// <param name="displacements">t, [displacements].</param>
/// <param name="normalisation">How normalisations run: in training, by the statistics of all samples of this pass, at each displacement.</param>
/// <param name="withRates">Whether derivatives are wanted.</param>
internal sealed class MovingPass(IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor?> directions, Tensor displacements, Normalisation normalisation, bool withRates)
{
    private static readonly Scalar MinusEpsilon = (-BatchNormalisation.Epsilon).ToScalar();   // add(Scalar) makes a scalar of its own and lets it go, sub does not

    private int _next;

    /// <summary>Runs the parts of a network from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public Moving Run(LayeredNetwork network, Moving values, int first, int end)
    {
        _next = network.FirstTensorOf(first);
        for (int i = first; i < end; i++)
            values = Run(network.Structure[i], values);
        return values;
    }

    private Moving Run(NetworkLayer layer, Moving h) => layer switch
    {
        Dense dense => Linear(h.Through(x => x.dim() > 2 ? x.flatten(1) : x), dense.Bias, nn.functional.linear),
        Convolution kernel => Linear(h, kernel.Bias, (x, w, b) => nn.functional.conv2d(x, w, b, [kernel.Stride, kernel.Stride], [kernel.Padding, kernel.Padding])),
        Activated { Activation: Activation.Relu } => h with { Value = h.Value.relu(), Rate = h.Rate is null ? null : h.Rate * h.Value.gt(HeldScalar.Zero) },
        Activated { Activation: Activation.Tanh } => Tanh(h),
        MaxPooling pool => Pool(pool, h),
        AveragePooling => h.Through(x => x.mean([2L, 3L])),
        BatchNormalisation => Normalise(h),
        Residual block => Add(block, h),
        _ => throw Activations.Unimplemented(layer, "derivative along a direction of weights"),
    };

    /// <param name="h">What the layer takes.</param>
    /// <param name="hasBias">Whether it adds a bias.</param>
    /// <param name="map">From input, weights and bias, linear in weights and bias together, and without a bias in the input.</param>
    private Moving Linear(Moving h, bool hasBias, Func<Tensor, Tensor, Tensor?, Tensor> map)
    {
        var (weight, weightDirection) = Take();
        var (bias, biasDirection) = hasBias ? Take() : (null, null);
        var moved = h with { Value = map(h.Value, weight!, bias), Rate = h.Rate is null ? null : map(h.Rate, weight!, null) };
        if (weightDirection is null && biasDirection is null)
            return moved;
        weightDirection ??= zeros_like(weight!);
        var pull = AtEach(map(h.Value, weightDirection, biasDirection), h.Moves);       // P·h + q
        var t = displacements.reshape([-1, .. Enumerable.Repeat(1L, (int)pull.dim() - 1)]);
        var value = AtEach(moved.Value, h.Moves).addcmul(t, pull, HeldScalar.One);
        Tensor? rate = null;
        if (withRates)
            rate = h.Rate is null ? pull.expand(value.shape) : AtEach(moved.Rate!, true).add(pull, HeldScalar.One).addcmul(t, AtEach(map(h.Rate, weightDirection, null), true), HeldScalar.One);
        return new(value.flatten(0, 1), rate?.flatten(0, 1), Moves: true);
    }

    private static Moving Tanh(Moving h)
    {
        var a = h.Value.tanh();
        return h with { Value = a, Rate = h.Rate is null ? null : h.Rate * (a * a).sub_(HeldScalar.One).neg_() };
    }

    /// <summary>The rate of a maximum is that of the number that is the largest, as autograd has it.</summary>
    private static Moving Pool(MaxPooling pool, Moving h)
    {
        var (value, places) = nn.functional.max_pool2d_with_indices(h.Value, [pool.Size, pool.Size], [pool.Stride, pool.Stride], [pool.Padding, pool.Padding]);
        return h with { Value = value, Rate = h.Rate?.flatten(2).gather(2, places.flatten(2)).reshape(value.shape) };
    }

    /// <summary>x̂ = (x − μ)·r with r = 1/√(v + ε), then scale and shift. In training μ and v move too: x̂′ = r·(c′ − x̂·⟨x̂c′⟩) with c = x − μ.</summary>
    private Moving Normalise(Moving h)
    {
        var (mean, variance) = (weights[_next + 2], weights[_next + 3]);
        var normalised = normalisation == Normalisation.Training ? ByBlock(h) : ByRunning(h, mean, variance);
        var scaled = Linear(normalised, hasBias: true, (x, scale, shift) => shift is null ? x * Channels(scale, x) : Channels(shift, x).addcmul(x, Channels(scale, x), HeldScalar.One));
        _next += 2;
        return scaled;
    }

    private static Moving ByRunning(Moving h, Tensor mean, Tensor variance)
    {
        var root = Channels(variance.sub(MinusEpsilon).rsqrt(), h.Value);
        return h with { Value = (h.Value - Channels(mean, h.Value)) * root, Rate = h.Rate is null ? null : h.Rate * root };
    }

    private Moving ByBlock(Moving h)
    {
        var x = AtEach(h.Value, h.Moves);
        long[] others = [1, .. Enumerable.Range(3, (int)x.dim() - 3).Select(dimension => (long)dimension)];
        var centred = x - x.mean(others, keepdim: true);
        var root = (centred * centred).mean(others, keepdim: true).sub(MinusEpsilon).rsqrt();
        var value = centred * root;
        Tensor? rate = null;
        if (h.Rate is not null)
        {
            var change = AtEach(h.Rate, true);
            change = change - change.mean(others, keepdim: true);
            rate = (change - value * (value * change).mean(others, keepdim: true)) * root;
        }

        return h with { Value = value.flatten(0, 1), Rate = rate?.flatten(0, 1) };
    }

    private Moving Add(Residual block, Moving h)
    {
        var branch = block.Branch.Aggregate(h, (values, layer) => Run(layer, values));
        var shortcut = block.Shortcut.Aggregate(h, (values, layer) => Run(layer, values));
        var value = AtEach(branch.Value, branch.Moves).add(AtEach(shortcut.Value, shortcut.Moves), HeldScalar.One).flatten(0, 1);
        var rate = (branch.Rate, shortcut.Rate) switch
        {
            ({ } one, { } other) => one.add(other, HeldScalar.One),
            var (one, other) => one ?? other,
        };
        return new(value, rate, branch.Moves || shortcut.Moves);
    }

    private (Tensor? Weight, Tensor? Direction) Take()
    {
        int tensor = _next++;
        return (weights[tensor], directions[tensor]);
    }

    /// <summary>[displacements, samples, …], or [1, samples, …] where nothing moves.</summary>
    private Tensor AtEach(Tensor values, bool moves) => values.unflatten(0, moves ? displacements.shape[0] : 1, -1);

    /// <summary>One number a channel, as it stands beside <paramref name="x"/>.</summary>
    private static Tensor Channels(Tensor values, Tensor x) => values.reshape([1, -1, .. Enumerable.Repeat(1L, (int)x.dim() - 2)]);
}
