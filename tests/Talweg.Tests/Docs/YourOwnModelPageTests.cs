using Talweg.Conventions;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Tests.Conventions;
using Talweg.Tests.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/your-own-model.md, as they stand there.</summary>
public sealed class YourOwnModelPageTests : PageTests
{
    [Fact]
    public void YourOwnModel()
    {
        double[] vectors = SmallNetwork.RandomDirection(20 * 784, 1);
        using var mine = new GatedNetwork().Fixed();                       // any Module<Tensor, Tensor>, from inputs to logits
        using var network = ModuleNetwork.Of(mine, inputShape: [784], outputs: 10, name: "gated");

        var space = WeightSpace.Parse(network, "value.*");         // layers by number or by a pattern of PyTorch's names
        using var landscape = Landscape.Of(network.Weights(), train, space, LandscapePrecision.Double);
        Console.WriteLine($"{network}: {space.Dimension} weights, path '{landscape.Path}', normalisation {landscape.Normalisation}");

        var directions = Directions.Of(vectors, space.Dimension);
        Profile transect = Transects.Along(landscape, directions, [-0.5, 0, 0.5], withSlopes: true)[0];
        Flatness flatness = Flatness.Along(landscape, directions)[0];

        var sets = MinibatchSets.Consecutive(train.Count, batchSize: 50);
        ActiveTemperature temperature = ActiveTemperature.Along(landscape, directions, sets, learningRate: 0.1, [0])[0];
        Console.WriteLine($"L₀ = {transect.Loss[1]}, slope {transect.Slope![1]}, F = {flatness.Value}, T = {temperature.Temperature[0]}");

        Assert.Equal("general", landscape.Path);
        Close.Assert(landscape.LossAtOrigin, transect.Loss[1], 1e-12);
        Assert.True(temperature.Temperature[0] > 0 && flatness.Left is null or < 0);
    }

    [Fact]
    public void FromPyTorch()
    {
        string path = Path.Combine(Repository.Root, "tests", "Fixtures", "torchscript_model.pt");
        var samples = SmallNetworks.Clouds(50, 16, 3, 1);
        using var network = ModuleNetwork.OfTorchScript(path, inputShape: [1, 4, 4], outputs: 3, trusted: true);
        using var landscape = Landscape.Of(network.Weights(), samples, WeightSpace.Parse(network, "mix.weight"), LandscapePrecision.Double);
        Console.WriteLine($"L₀ = {landscape.LossAtOrigin}");

        Assert.True(landscape.LossAtOrigin > 0);
    }

    private sealed class GatedNetwork : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> value = Linear(784, 20), gate = Linear(784, 20), norm = LayerNorm(20), head = Linear(20, 10);

        public GatedNetwork()
            : base("gated") => RegisterComponents();

        public override Tensor forward(Tensor input) => head.call(norm.call(value.call(input) * sigmoid(gate.call(input))));
    }
}
