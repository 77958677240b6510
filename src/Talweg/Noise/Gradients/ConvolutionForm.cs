using Talweg.Native;
using Talweg.Networks;
using Talweg.Networks.Layers;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>A convolution's kernels: ∂ℓ/∂W_oi(k) = Σₓ δ_o(x) h_i(s·x + k − p), over the positions x of the outputs.</summary>
/// <remarks>
/// With the inputs unfolded, U_ik,x = h_i(s·x + k − p), that is δ Uᵀ of [outputs, positions] and [inputs·kernel, positions]: one product a sample, batched over
/// a few samples at a time, so that U and the products, which are many times as large as h, stay in cache.
/// </remarks>
internal sealed class ConvolutionForm : GradientForm
{
    private const long BlockBytes = 1L << 20;

    private readonly Convolution _layer;
    private readonly long[] _kernel;
    private readonly long[] _padding;
    private readonly long _positions;

    /// <param name="layer">The convolution.</param>
    /// <param name="input">What flows into it.</param>
    public ConvolutionForm(Convolution layer, ImageShape input)
    {
        _layer = layer;
        _kernel = [layer.Outputs, input.Channels, layer.Kernel, layer.Kernel];
        _padding = [layer.Padding, layer.Padding, layer.Padding, layer.Padding];
        var output = layer.After(input);
        _positions = output.Rows * output.Columns;
    }

    private long Patch => _kernel[1] * _kernel[2] * _kernel[3];

    private long Weights => _kernel[0] * Patch;

    public override Tensor Rows(Tensor inputs, Tensor errors)
    {
        int samples = (int)errors.size(0), block = Block(errors);
        var rows = empty(samples, Weights, errors.dtype);
        for (int first = 0; first < samples; first += block)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(block, samples - first);
            rows.narrow(0, first, count).copy_(Products(inputs, errors, first, count));
        }

        return rows;
    }

    public override Tensor Sums(Tensor inputs, Tensor errors, int count)
    {
        int length = (int)errors.size(0) / count, block = Block(errors);
        int together = Math.Max(1, block / length);                     // several groups a block, or several blocks a group
        var sums = zeros(count, Weights, errors.dtype);
        for (int group = 0; group < count; group += together)
        {
            int groups = Math.Min(together, count - group);
            for (int from = 0; from < length; from += block)
            {
                using var scope = NewDisposeScope();
                int some = Math.Min(block, length - from);
                var products = Products(inputs, errors, group * length + from, groups * some);
                sums.narrow(0, group, groups).add_(products.view(groups, some, Weights).sum([1L]), HeldScalar.One);
            }
        }

        return sums;
    }

    /// <summary>g·v = Σₓ δ(x) (v ∗ h)(x): the errors times the convolution with v for kernels.</summary>
    public override Tensor Along(Tensor inputs, Tensor errors, Tensor vector) =>
        (errors * nn.functional.conv2d(inputs, vector.reshape(_kernel), null, [_layer.Stride, _layer.Stride], [_layer.Padding, _layer.Padding])).flatten(1).sum([1L]);

    public override Tensor SquaredNorms(Tensor inputs, Tensor errors)
    {
        int samples = (int)errors.size(0), block = Block(errors);
        var norms = empty(samples, errors.dtype);
        for (int first = 0; first < samples; first += block)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(block, samples - first);
            norms.narrow(0, first, count).copy_(Products(inputs, errors, first, count).pow(HeldScalar.Two).sum([1L]));
        }

        return norms;
    }

    /// <summary>Samples whose U, and whose products, are some 1 MB.</summary>
    private int Block(Tensor errors) =>
        (int)Math.Clamp(BlockBytes / (errors.element_size() * Patch * Math.Max(_positions, _kernel[0])), 1, errors.size(0));

    /// <summary>δ Uᵀ of consecutive samples, [count, weights].</summary>
    private Tensor Products(Tensor inputs, Tensor errors, int first, int count) =>
        errors.narrow(0, first, count).flatten(2).bmm(Unfolded(inputs.narrow(0, first, count), errors).transpose(1, 2)).flatten(1);

    /// <summary>U, [count, inputs·kernel, positions]: a view that steps through the padded images, written out.</summary>
    private Tensor Unfolded(Tensor inputs, Tensor errors)
    {
        var padded = _layer.Padding == 0 ? inputs : nn.functional.pad(inputs, _padding);
        long[] strides = padded.stride();
        long[] shape = [inputs.size(0), .. _kernel[1..], errors.size(2), errors.size(3)];
        return padded.as_strided(shape, [.. strides, _layer.Stride * strides[2], _layer.Stride * strides[3]], padded.storage_offset()).reshape(inputs.size(0), Patch, _positions);
    }
}
