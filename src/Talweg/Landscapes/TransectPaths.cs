using Talweg.Data;
using Talweg.Networks;
using Talweg.Networks.Layers;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Which way the transects of a network and weight space are computed: the fastest that applies.</summary>
internal static class TransectPaths
{
    public static ITransectPath Choose(
        NetworkWeights weights, LabelledSamples samples, WeightSpace space, LandscapePrecision precision, int threads, Normalisation normalisation, int blockSize)
    {
        bool oneByOne = normalisation == Normalisation.Evaluation || !weights.Network.Normalises;
        if (precision == LandscapePrecision.Single && oneByOne && space.Segments is [{ IsBias: false } only] && Fused(weights, samples, only, threads) is { } fused)
            return fused;
        var type = precision == LandscapePrecision.Double ? ScalarType.Float64 : ScalarType.Float32;
        return weights.Network is ModuleNetwork
            ? new GeneralPath(weights, samples, space, type, normalisation, blockSize)
            : new LayeredPath(weights, samples, space, type, normalisation, blockSize);
    }

    private static ITransectPath? Fused(NetworkWeights weights, LabelledSamples samples, WeightSpace.Segment moving, int threads)
    {
        if (weights is DenseWeights dense)
        {
            var all = ClassBlocks.Of(samples);
            return new FusedDensePath(dense, moving.Layer, all, new DensePrefix(dense, moving.Layer, all, samples), threads);
        }

        if (weights.Network is not LayeredNetwork network)
            return null;
        int place = network.PlaceOfTensor(moving.Tensor);
        if (network.Structure[place] is Convolution && ConvolutionTail.Of(weights, network, place) is { } tail)
            return new FusedConvolutionPath(weights, samples, moving, tail, threads);
        if (network.Structure[place] is Convolution)
            return KinkTail.Of(weights, network, place) is { } kinks ? new KinkPath(weights, samples, moving, kinks) : null;
        if (network.Structure[place] is not Dense || DenseHead.Of(weights, network, place) is not { } head)
            return null;
        var blocks = ClassBlocks.Of(samples);
        return new FusedDensePath(head, 0, blocks, new LayeredPrefix(weights, place, blocks, samples), threads);
    }
}
