using Talweg.Conventions;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Conventions;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

/// <summary>TorchScript files that PyTorch made of models that are no networks for Talweg, or not as they stand (tests/Fixtures/misbehaving_models.py).</summary>
[Collection(Alone.Name)]
public sealed class MisbehavingScriptTests
{
    [Theory]
    [InlineData("tuple", "tuple.pt gives a tuple, list or dictionary, where one tensor of logits is needed: save a module whose forward returns the logits alone")]
    [InlineData("batch-of-one", "batch-of-one.pt does not run: shape '[1, 4]' is invalid for input of size 8. If it was traced, the number of samples of its example is built in: write x.flatten(1)")]
    [InlineData("constants", "constants.pt has no weights of two dimensions or more, and no parameters at all: torch.jit.freeze and optimize_for_inference turn them into constants; save the model as it is before")]
    [InlineData("half", "half.pt has '0.weight' in Float16, while Talweg moves weights of single or double precision: in any other the model computes another function. Call model.float() before it is saved")]
    [InlineData("weight-norm", "weight-norm.pt has '0.weight_g', a part of torch.nn.utils.weight_norm, not the weights: the model computes them from it. Call torch.nn.utils.remove_weight_norm(module) before it is saved")]
    [InlineData("pruned", "pruned.pt has '0.weight_orig', what torch.nn.utils.prune or spectral_norm makes the weights of, not the weights: the model computes them from it. Call torch.nn.utils.prune.remove(module, \"weight\") or")]
    [InlineData("spectral-norm", "spectral-norm.pt has '0.weight_orig', what torch.nn.utils.prune or spectral_norm makes")]
    [InlineData("parametrised", "parametrised.pt has '0.parametrizations.weight.original', a parametrisation of the weights, not the weights: the model computes them from it. Call torch.nn.utils.parametrize.remove_parametrizations(module, \"weight\") before it is saved")]
    public void A_model_that_cannot_run_is_refused_with_the_cause(string name, string message)
    {
        var refused = Assert.Throws<InputException>(() => Open(name));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("expected a model from samples of shape [4] to 3 logits", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Torchs_own_cause_is_the_last_line_of_what_its_interpreter_says()
    {
        string message = Assert.Throws<InputException>(() => ModuleNetwork.OfTorchScript(PathOf("softmax"), [5], 3, trusted: true)).Message;
        Assert.Contains("softmax.pt does not run: mat1 and mat2 shapes cannot be multiplied (2x5 and 4x3), expected", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("functional-dropout", "while torch's generator moved, expected the same in evaluation mode")]
    [InlineData("traced-in-training", "likely batch normalisation traced in training mode")]
    public void A_model_that_is_no_function_is_refused_before_the_first_number(string name, string message)
    {
        using var network = Open(name);
        Assert.Contains(message, Assert.Throws<InputException>(() => Landscape.Of(network.Weights(), SmallNetworks.Clouds(30, 4, 3, seed: 2), WeightSpace.Of(network, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_traced_mode_is_the_only_one()
    {
        using var network = Open("traced-in-evaluation");
        var samples = SmallNetworks.Clouds(30, 4, 3, seed: 2);
        Landscape.Of(network.Weights(), samples, WeightSpace.Of(network, 1)).Dispose();
        Assert.Contains("training mode: found the logits of evaluation mode", Assert.Throws<InputException>(() =>
            Landscape.Of(network.Weights(), samples, WeightSpace.Of(network, 1), normalisation: Normalisation.Training)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("double", "The model is in double precision")]
    [InlineData("softmax", "The model's outputs are not negative and sum to 1")]
    public void A_model_that_runs_with_a_remark_has_it(string name, string remark)
    {
        using var network = Open(name);
        using var landscape = Landscape.Of(network.Weights(), SmallNetworks.Clouds(30, 4, 3, seed: 2), WeightSpace.Of(network, 1));
        Assert.Contains(remark, Assert.Single(network.Remarks), StringComparison.Ordinal);
        Assert.True(double.IsFinite(landscape.LossAtOrigin));
    }

    /// <summary>x·Wᵀ·Wᵀ with one W: its slope along a direction of W is that of both factors together.</summary>
    [Theory]
    [InlineData(LandscapePrecision.Single, 1e-3)]                // differences of losses of single precision, over 0.02
    [InlineData(LandscapePrecision.Double, 1e-6)]                // error h²/6 of a central difference, in units of the third derivative
    public void A_tied_parameter_is_one_and_its_gradients_are_summed(LandscapePrecision precision, double tolerance)
    {
        using var network = Open("tied");
        Assert.Equal(["first.weight"], network.Tensors.Select(tensor => tensor.Name));
        var space = WeightSpace.All(network);
        Assert.Equal(16, space.Dimension);
        var samples = SmallNetworks.Clouds(30, 4, 3, seed: 2);
        double[] direction = SmallNetwork.RandomDirection(16, 3);
        double h = precision == LandscapePrecision.Double ? 1e-4 : 0.01;
        using var landscape = Landscape.Of(network.Weights(), samples, space, precision);
        var profile = landscape.Profile(direction, [-h, 0, h], withSlopes: true);
        Close.Assert((profile.Loss[2] - profile.Loss[0]) / (2 * h), profile.Slope![1], tolerance, 1);
        Close.Assert(Reference(network.Weights().Tensors[0], direction, h, samples), profile.Loss[2], 1e-5);
    }

    private static double Reference(float[] weights, double[] direction, double t, LabelledSamples samples)
    {
        using var scope = NewDisposeScope();
        var w = tensor(weights.Zip(direction, (one, along) => one + t * along).ToArray(), ScalarType.Float64).reshape(4, 4).t();
        var logits = SampleInputs.Of(samples, 0, samples.Count, ScalarType.Float64).mm(w).mm(w).narrow(1, 0, 3);
        return nn.functional.cross_entropy(logits, tensor(samples.Labels.ToArray().Select(label => (long)label).ToArray())).item<double>();
    }

    private static ModuleNetwork Open(string name) => ModuleNetwork.OfTorchScript(PathOf(name), [4], 3, trusted: true);

    private static string PathOf(string name) => Path.Combine(Repository.Root, "tests", "Fixtures", "Misbehaving", $"{name}.pt");
}
