using System.Text.Json;
using Talweg.Conventions;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Tests.Conventions;
using Talweg.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Landscapes;

/// <summary>Modules that Talweg has never seen, and TorchScript files, against plain loops and against PyTorch's own numbers.</summary>
public sealed class ModuleTransectTests
{
    private static readonly double[] Displacements = [0, -1.5, 0.2, 2];

    [Theory]
    [InlineData("middle.weight")]
    [InlineData("*.weight")]
    [InlineData("all")]
    public void A_module_is_measured_by_plain_passes(string layers)
    {
        using var module = new Skip();
        using var network = ModuleNetwork.Of(module, [6], 3, "skip");
        var space = layers == "all" ? WeightSpace.All(network) : WeightSpace.Parse(network, layers);
        var samples = SmallNetworks.Clouds(130, 6, 3, seed: 6);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 2);
        using var landscape = Landscape.Of(network.Weights(), samples, space, LandscapePrecision.Double);
        Assert.Equal("general", landscape.Path);
        var found = PerSample.Of(landscape, direction, Displacements, withSlopes: true);
        var withoutSlopes = PerSample.Of(landscape, direction, Displacements);
        for (int d = 0; d < Displacements.Length; d++)
        {
            using var moved = new ModuleReference(new Skip().to(ScalarType.Float64), network, samples) { Shape = [6] };
            moved.Move(space, direction, Displacements[d]);
            double[] losses = moved.Losses();
            double scale = found.Slopes![d].Average(Math.Abs);
            for (int sample = 0; sample < losses.Length; sample++)
                Close.Assert(losses[sample], found.Losses[d][sample], 1e-12, losses.Average(), $"loss of sample {sample} at {Displacements[d]}");
            Assert.Equal(found.Losses[d], withoutSlopes.Losses[d]);
            Close.Assert(moved.Slope(space, direction, 0, samples.Count), found.Slopes[d].Average(), 1e-11, scale, $"slope at {Displacements[d]}");
            Close.Assert(moved.Slope(space, direction, 0, samples.Count, 77), found.Slopes[d][77], 1e-11, scale, $"slope of a sample at {Displacements[d]}");
        }
    }

    /// <summary>The two ways to run a network of layers share nothing but the layers: tangents carried forward, and gradients taken twice.</summary>
    [Theory, MemberData(nameof(LayeredNetworks.Spaces), MemberType = typeof(LayeredNetworks))]
    public void Plain_passes_agree_with_tangents_carried_forward(string text, string layers, bool withBiases)
    {
        var small = LayeredNetworks.Get(text);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 3);
        foreach (var normalisation in (Normalisation[])[Normalisation.Evaluation, Normalisation.Training])
        {
            using var general = new GeneralPath(small.Weights, small.Samples, space, ScalarType.Float64, normalisation, block: 10);
            using var layered = new LayeredPath(small.Weights, small.Samples, space, ScalarType.Float64, normalisation, block: 10);
            ProfileReducer one = new(Displacements, true), other = new(Displacements, true);
            general.Sweep(direction, Displacements, true, one);
            layered.Sweep(direction, Displacements, true, other);
            for (int d = 0; d < Displacements.Length; d++)
            {
                Close.Assert(one.Result.Loss[d], other.Result.Loss[d], 1e-12, what: $"loss at {Displacements[d]}");
                Close.Assert(one.Result.Slope![d], other.Result.Slope![d], 1e-11, 0.1, $"slope at {Displacements[d]}");
            }
        }
    }

    [Fact]
    public void A_module_is_given_back_as_it_was()
    {
        using var norm = nn.BatchNorm1d(5);
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("norm", norm), ("act", nn.SiLU()), ("last", nn.Linear(5, 3))).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        var samples = SmallNetworks.Clouds(40, 6, 3, seed: 6);
        module.train();
        using (NewDisposeScope())
            module.call(tensor(samples.Inputs).reshape(40, 6));                  // running statistics that are not the first ones
        module.get_parameter("last.weight")!.requires_grad_(false);
        module.eval();
        var before = network.Weights();
        var space = WeightSpace.Parse(network, "last*");
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 3);
        using var training = Landscape.Of(before, samples, space, LandscapePrecision.Double, normalisation: Normalisation.Training, blockSize: 10);
        using var evaluation = Landscape.Of(before, samples, space, LandscapePrecision.Double);
        double inTraining = training.Profile(direction, [0.3], withSlopes: true).Loss[0];
        Assert.NotEqual(inTraining, evaluation.Profile(direction, [0.3], withSlopes: true).Loss[0], 1e-3);
        Assert.Equal(inTraining, training.Profile(direction, [0.3]).Loss[0]);
        Assert.Equal((Normalisation.Training, Normalisation.Evaluation), (training.Normalisation, evaluation.Normalisation));
        Assert.Equal(before.Tensors, network.Weights().Tensors);
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        Assert.False(module.training);
        Assert.All(module.parameters(), parameter => Assert.True(parameter.grad is null && parameter.dtype == ScalarType.Float32));
        Assert.Equal(["last.weight"], module.named_parameters().Where(entry => !entry.parameter.requires_grad).Select(entry => entry.name));
    }

    [Fact]
    public void Everything_that_sweeps_a_landscape_takes_a_module()
    {
        using var module = new Skip();
        using var network = ModuleNetwork.Of(module, [6], 3, "skip");
        var samples = SmallNetworks.Clouds(60, 6, 3, seed: 6);
        var space = WeightSpace.Parse(network, "last.weight");
        var directions = Directions.Of([.. SmallNetwork.RandomDirection(24, 1), .. SmallNetwork.RandomDirection(24, 2), .. SmallNetwork.RandomDirection(24, 3)], 24);
        var sets = MinibatchSets.Consecutive(60, 10);
        using var landscape = Landscape.Of(network.Weights(), samples, space, LandscapePrecision.Double);
        var options = new WorkOptions(3);
        var profiles = Transects.Along(landscape, directions, Displacements, true, options);
        var flatness = Flatness.Along(landscape, directions, null, options);
        var temperatures = ActiveTemperature.Along(landscape, directions, sets, 0.1, Displacements, options);
        var ensembles = MinibatchEnsemble.Along(landscape, directions, sets, options);
        for (int i = 0; i < directions.Count; i++)
        {
            Assert.Equal(landscape.Profile(directions[i], Displacements, true).Slope, profiles[i].Slope);
            Assert.Equal(landscape.LossAtOrigin, flatness[i].LossAtOrigin);
            Close.Assert(profiles[i].Loss[1], temperatures[i].Loss[1], 1e-12);
            Assert.True(temperatures[i].Temperature[0] > 0);
            Assert.Equal(6, ensembles[i].Minibatches);
        }
    }

    [Fact]
    public void A_TorchScript_file_gives_the_numbers_that_PyTorch_gives()
    {
        string folder = Path.Combine(Repository.Root, "tests", "Fixtures");
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "torchscript_model.json")));
        int count = document.RootElement.GetProperty("samples").GetInt32();
        float[] inputs = [.. Enumerable.Range(0, count * 16).Select(i => (float)Math.Sin(0.37 * (i / 16) + 0.11 * (i % 16)))];
        var samples = new LabelledSamples(inputs, [.. Enumerable.Range(0, count).Select(sample => sample % 3)], 16, 3);
        using var network = ModuleNetwork.OfTorchScript(Path.Combine(folder, "torchscript_model.pt"), [1, 4, 4], 3, trusted: true);
        var space = WeightSpace.Parse(network, "mix.weight");
        double[] direction = [.. Enumerable.Range(0, space.Dimension).Select(k => Math.Cos(0.7 * k))];
        double norm = Math.Sqrt(direction.Sum(x => x * x));
        var weights = network.Weights();
        using (var session = TorchSession.Open(weights, ScalarType.Float64))
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            double[] logits = session.Forward(tensor(inputs, dtype: ScalarType.Float64).reshape(count, 16)).data<double>().ToArray()[15..18];
            var expected = document.RootElement.GetProperty("points")[0].GetProperty("logits").EnumerateArray().Select(logit => logit.GetDouble());
            foreach (var (theirs, ours) in expected.Zip(logits))
                Close.Assert(theirs, ours, 1e-12, what: "logit");
        }

        using var landscape = Landscape.Of(weights, samples, space, LandscapePrecision.Double);
        foreach (var point in document.RootElement.GetProperty("points").EnumerateArray())
        {
            var found = landscape.Profile([.. direction.Select(x => x / norm)], [point.GetProperty("displacement").GetDouble()], withSlopes: true);
            Close.Assert(point.GetProperty("loss").GetDouble(), found.Loss[0], 1e-12, what: "loss");
            Close.Assert(point.GetProperty("slope").GetDouble(), found.Slope![0], 1e-10, what: "slope");
        }
    }

    /// <summary>A module of its own kind: SiLU, layer normalisation, and a skip around its middle. All of them have the same weights.</summary>
    private sealed class Skip : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear first = nn.Linear(6, 8);
        private readonly TorchSharp.Modules.LayerNorm norm = nn.LayerNorm(8);
        private readonly TorchSharp.Modules.Linear middle = nn.Linear(8, 8);
        private readonly TorchSharp.Modules.Linear last = nn.Linear(8, 3, hasBias: false);

        public Skip()
            : base("skip")
        {
            RegisterComponents();
            this.Fixed();
        }

        public override Tensor forward(Tensor input)
        {
            var h = nn.functional.silu(norm.call(first.call(input)));
            return last.call(h.add(nn.functional.silu(middle.call(h)), HeldScalar.One));
        }
    }
}
