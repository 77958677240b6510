using Talweg.Networks;
using Talweg.Networks.Loading;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/networks.md, as they stand there.</summary>
public sealed class NetworksPageTests : PageTests
{
    [Fact]
    public void Networks()
    {
        string path = Temporary("weights.safetensors");
        var network = FullyConnected.Parse("fc:784-50-50-10");
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, seed: 1);
        WeightsFile.Save(path, weights);                       // 0.weight, 2.weight, 4.weight

        var space = WeightSpace.Parse(network, "2");           // the 50×50 weights between the hidden layers
        float[] flat = space.Flatten(WeightsFile.Load(path, network));
        flat[0] += 0.1f;
        DenseWeights moved = space.With(weights, flat);

        Assert.Equal(2500, space.Dimension);
        Assert.Equal(weights.Matrices[1][0] + 0.1f, moved.Matrices[1][0]);
    }

    [Fact]
    public void ForeignWeights()
    {
        string path = Temporary("weights.safetensors");
        var network = FullyConnected.Parse("fc:784-50-50-10");
        WeightsFile.Save(path, DenseWeights.Draw(network, Initialisation.PyTorch, seed: 1));

        LoadedWeights loaded = WeightsFile.Read(path, network);
        Console.WriteLine(loaded.Summary());                   // w.safetensors: read 'conv1' as layer 1, 'bn1' as '1', …
        foreach (LoadedTensor tensor in loaded.Tensors)
            Console.WriteLine($"{tensor.FileName} is {tensor.Tensor.Name}");

        Assert.True(loaded.OwnNames);
    }

    [Fact]
    public void NetworksByText()
    {
        var lenet = (LayeredNetwork)Network.Parse("lenet-mnist");
        NetworkWeights drawn = NetworkWeights.Draw(lenet, Initialisation.He, seed: 1);
        foreach (WeightTensor tensor in lenet.Tensors)
            Console.WriteLine($"layer {tensor.Layer + 1}: {tensor.Name} {tensor.ShapeText}, {tensor.Role}");

        Assert.Equal(lenet.Tensors.Select(tensor => tensor.Length), drawn.Tensors.Select(values => values.Length));
    }
}
