using Talweg.Conventions;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Tests.Storage;
using Talweg.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

/// <summary>Modules whose logits are no function of weights and sample are found out before the first number, and those that write into their input are measured right.</summary>
[Collection(Alone.Name)]
public sealed class ModuleExaminationTests : IDisposable
{
    private const string Same = "logits that differ by";

    private static readonly LabelledSamples Samples = SmallNetworks.Clouds(130, 6, 3, seed: 6);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_module_writes_into_its_input_does_not_reach_the_samples(bool withSlopes)
    {
        Module writes = new((x, last) => last.call(x.sub_(HeldScalar.One).mul_(HeldScalar.Two)));
        using var reads = new Module(writes.Last, (x, last) => last.call(x.sub(HeldScalar.One).mul(HeldScalar.Two)));
        Profile[] profiles = [.. new[] { writes, reads }.Select(module =>
        {
            using var network = ModuleNetwork.Of(module, [6], 3, "shifted");
            using var landscape = Landscape.Of(network.Weights(), Samples, WeightSpace.Of(network, 1));
            return landscape.Profile(SmallNetwork.RandomDirection(18, 1), [0, 0, 0.5, 0], withSlopes);
        })];
        Assert.Equal(profiles[1].Loss, profiles[0].Loss);
        Assert.Equal(profiles[1].Slope, profiles[0].Slope);
        Assert.Equal(profiles[0].Loss[0], profiles[0].Loss[3]);
    }

    public static TheoryData<string> Entries => ["landscape", "gradients", "hessian", "fisher", "training"];

    [Theory, MemberData(nameof(Entries))]
    public void Dropout_that_is_always_on_is_refused_before_the_first_number(string entry)
    {
        using var module = new Module((x, last) => last.call(nn.functional.dropout(x, 0.1, training: true)));
        string message = Refusal(module, network => Measure(entry, network));
        Assert.Contains("while torch's generator moved, expected the same in evaluation mode, which turns layers such as nn.Dropout off: likely nn.functional.dropout without training=self.training", message, StringComparison.Ordinal);
        Assert.StartsWith($"module:mine: the same 8 samples again: found {Same}", message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Entries))]
    public void A_state_that_forward_counts_on_is_refused(string entry)
    {
        int passes = 0;
        using var module = new Module((x, last) => last.call(x).mul(Held(++passes)));
        string message = Refusal(module, network => Measure(entry, network));
        Assert.Contains($"the same 8 samples again: found {Same}", message, StringComparison.Ordinal);
        Assert.Contains("likely a state that forward counts on or changes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_is_refused_leaves_the_folder_of_a_training_free()
    {
        using var module = new Module((x, last) => last.call(x - x.mean([0L], keepdim: true)));
        Assert.Contains(Same, Refusal(module, network => Measure("training", network)), StringComparison.Ordinal);
        Assert.False(TrainingFolder.IsTraining(_folder["run"]));
        using var sound = new Module((x, last) => last.call(x));
        using var network = ModuleNetwork.Of(sound, [6], 3, "sound");
        Measure("training", network);
        Assert.True(TrainingFolder.IsTraining(_folder["run"]));
    }

    [Theory, MemberData(nameof(Entries))]
    public void Normalisation_by_the_batch_is_refused(string entry)
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("norm", nn.BatchNorm1d(5, track_running_stats: false)), ("last", nn.Linear(5, 3))).Fixed();
        // One value a channel has no variance, so that torch may refuse a sample alone itself.
        Assert.Matches("(track_running_stats=False|does not run)", Refusal(module, network => Measure(entry, network)));
        using var byMean = new Module((x, last) => last.call(x - x.mean([0L], keepdim: true)));
        string message = Refusal(byMean, network => Measure(entry, network));
        Assert.Contains($"a sample alone and among 7 others: found {Same}", message, StringComparison.Ordinal);
        Assert.Contains("without running statistics (track_running_stats=False)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalisation_that_ignores_the_mode_is_refused_in_the_mode_that_it_does_not_have()
    {
        using var always = new Module((x, last) => last.call(x - x.mean([0L], keepdim: true)));
        always.register_buffer("norm_running_var", ones(6));
        Assert.Contains("likely batch normalisation traced in training mode", Refusal(always, network => Open(network, Normalisation.Evaluation)), StringComparison.Ordinal);
        using var never = new Module((x, last) => last.call(x));
        never.register_buffer("norm_running_var", ones(6));
        Assert.Contains("training mode: found the logits of evaluation mode, expected others", Refusal(never, network => Open(network, Normalisation.Training)), StringComparison.Ordinal);
        using var network = ModuleNetwork.Of(never, [6], 3, "mine");
        Open(network, Normalisation.Evaluation);
    }

    [Fact]
    public void Dropout_in_training_mode_is_refused_and_in_evaluation_mode_is_not()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("norm", nn.BatchNorm1d(5)), ("drop", nn.Dropout(0.5)), ("last", nn.Linear(5, 3))).Fixed();
        Assert.Contains("expected the same in training mode, which only normalisation may enter: likely dropout", Refusal(module, network => Open(network, Normalisation.Training)), StringComparison.Ordinal);
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        Open(network, Normalisation.Evaluation);
        Assert.Empty(network.Remarks);
    }

    [Fact]
    public void Outputs_that_sum_to_one_are_remarked_upon_and_log_probabilities_are_not()
    {
        Assert.Contains("The model's outputs are not negative and sum to 1", Assert.Single(RemarksOn(nn.Softmax(1))), StringComparison.Ordinal);
        Assert.Empty(RemarksOn(nn.LogSoftmax(1)));
        Assert.Empty(RemarksOn(nn.Sigmoid()));

        static IReadOnlyList<string> RemarksOn(nn.Module<Tensor, Tensor> end)
        {
            using var module = nn.Sequential(("last", nn.Linear(6, 3)), ("end", end)).Fixed();
            using var network = ModuleNetwork.Of(module, [6], 3, "mine");
            Open(network, Normalisation.Evaluation);
            return network.Remarks;
        }
    }

    [Fact]
    public void A_model_in_double_precision_is_measured_and_its_rounding_remarked_upon()
    {
        using var module = nn.Sequential(("last", nn.Linear(6, 3, dtype: ScalarType.Float64))).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        using var landscape = Landscape.Of(network.Weights(), Samples, WeightSpace.Of(network, 1), LandscapePrecision.Double);
        Assert.Contains("The model is in double precision", Assert.Single(network.Remarks), StringComparison.Ordinal);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = module.call(SampleInputs.Of(Samples, 0, Samples.Count, ScalarType.Float64));
        double expected = nn.functional.cross_entropy(logits, tensor(Samples.Labels.ToArray().Select(label => (long)label).ToArray())).item<double>();
        Close.Assert(expected, landscape.LossAtOrigin, 1e-6);                    // the weights are rounded
        Assert.Equal(ScalarType.Float64, module.parameters().First().dtype);
    }

    [Fact]
    public void An_examination_leaves_module_and_memory_as_they_were()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("norm", nn.BatchNorm1d(5)), ("drop", nn.Dropout(0.5)), ("last", nn.Linear(5, 3))).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        module.train();
        var weights = network.Weights();
        long alive = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ModuleExamination.Require(weights, Samples);
        Assert.Equal(alive, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(module.training);
        Assert.Equal(weights.Tensors, network.Weights().Tensors);
    }

    [Fact]
    public void Whatever_a_module_throws_is_told_as_its_own()
    {
        using var module = new Module((x, last) => x.shape[0] > 2 ? throw new KeyNotFoundException("no such expert") : last.call(x));
        Assert.Contains("module:mine does not run: no such expert", Refusal(module, network => Open(network, Normalisation.Evaluation)), StringComparison.Ordinal);
        using var squeezed = new Module((x, last) => last.call(x).squeeze());
        Assert.Contains("module:mine gives [3] for 1 sample, where logits are [1, 3]", Refusal(squeezed, network => Open(network, Normalisation.Evaluation)), StringComparison.Ordinal);
        using var whole = new Module((x, last) => last.call(x).to(ScalarType.Int64));
        Assert.Contains("gives Int64 numbers, where logits are floating point", Assert.Throws<ArgumentException>(() => ModuleNetwork.Of(whole, [6], 3, "mine")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_cuts_its_own_graph_has_losses_and_no_slopes()
    {
        using var module = new Module((x, last) => last.call(x).detach());
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        using var landscape = Landscape.Of(network.Weights(), Samples, WeightSpace.Of(network, 1));
        double[] direction = SmallNetwork.RandomDirection(18, 1);
        Assert.True(double.IsFinite(landscape.Profile(direction, [0]).Loss[0]));
        Assert.Contains("module:mine cannot be differentiated: element 0 of tensors does not require grad", Assert.Throws<InputException>(() => landscape.Profile(direction, [0], withSlopes: true)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Measure("training", network));
        Assert.Equal(1, network.InUse.CurrentCount);
    }

    /// <summary>In native code these would end the process.</summary>
    [Fact]
    public void What_torch_cannot_differentiate_is_told_with_its_cause()
    {
        using var overwrites = new Module((x, last) => last.call(x).sigmoid().sub_(HeldScalar.One));
        Assert.Contains("module:mine cannot be differentiated: one of the variables needed for gradient computation has been modified by an inplace operation", SlopeRefusal(overwrites), StringComparison.Ordinal);
        using var attends = new Module((x, last) =>
        {
            var heads = last.call(x).reshape(-1, 1, 3, 1);
            return nn.functional.scaled_dot_product_attention(heads, heads, heads).reshape(-1, 3);
        });
        Assert.Contains("derivative for aten::_scaled_dot_product_flash_attention_for_cpu_backward is not implemented", SlopeRefusal(attends), StringComparison.Ordinal);

        static string SlopeRefusal(Module module)
        {
            using var network = ModuleNetwork.Of(module, [6], 3, "mine");
            using var landscape = Landscape.Of(network.Weights(), Samples, WeightSpace.Of(network, 1));
            return Assert.Throws<InputException>(() => landscape.Profile(SmallNetwork.RandomDirection(18, 1), [0], withSlopes: true)).Message;
        }
    }

    private static string Refusal(nn.Module<Tensor, Tensor> module, Action<ModuleNetwork> measure)
    {
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        string message = Assert.Throws<InputException>(() => measure(network)).Message;
        Assert.Equal(1, network.InUse.CurrentCount);
        return message;
    }

    private static void Open(ModuleNetwork network, Normalisation normalisation) =>
        Landscape.Of(network.Weights(), Samples, WeightSpace.Of(network, 1), normalisation: normalisation, blockSize: 20).Dispose();

    private void Measure(string entry, ModuleNetwork network)
    {
        var space = WeightSpace.Of(network, 1);
        switch (entry)
        {
            case "landscape":
                Open(network, Normalisation.Evaluation);
                break;
            case "gradients":
                SampleGradients.Of(network.Weights(), Samples, space).Dispose();
                break;
            case "hessian":
                HessianOperator.Of(network.Weights(), Samples, space).Dispose();
                break;
            case "fisher":
                FisherDiagonal.Of(FisherKind.Empirical, network.Weights(), Samples, space, 10);
                break;
            default:
                var plan = new TrainingPlan { Network = network, Initialisation = Initialisation.He, BatchSize = 10, LearningRate = 0.1, MaxEpochs = 1, Seed = 1, RecordedLayers = [1], Recording = Recording.None };
                Trainer.Run(plan, new(Samples, Samples), _folder["run"]);
                break;
        }
    }

    private static Scalar Held(int value)
    {
        var scalar = value.ToScalar();
        Kept.Add(scalar);
        return scalar;
    }

    private static List<Scalar> Kept { get; } = [];

    private sealed class Module : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear last;
        private readonly Func<Tensor, TorchSharp.Modules.Linear, Tensor> _forward;

        public Module(Func<Tensor, TorchSharp.Modules.Linear, Tensor> forward)
            : this(nn.Linear(6, 3, hasBias: false).Fixed(), forward)
        {
        }

        public Module(TorchSharp.Modules.Linear shared, Func<Tensor, TorchSharp.Modules.Linear, Tensor> forward)
            : base("mine")
        {
            (last, _forward) = (shared, forward);
            RegisterComponents();
        }

        public TorchSharp.Modules.Linear Last => last;

        public override Tensor forward(Tensor input) => _forward(input, last);
    }
}
