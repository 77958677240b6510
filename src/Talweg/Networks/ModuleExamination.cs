using Talweg.Data;
using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>Whether a module's logits are a function of its weights and of a sample alone, found out by a few samples before the first number.</summary>
/// <remarks>
/// They pass twice together and once one by one, and more often if torch's generator moves meanwhile. A random layer that is left on makes equal passes differ; a
/// normalisation by the batch makes a sample's logits depend on its neighbours. In training mode, where they do depend, two passes must agree, and the mode must
/// change something if the module has running statistics. The module is as it was afterwards.
/// </remarks>
internal sealed class ModuleExamination
{
    private const int Samples = 8;

    /// <summary>
    /// Blocks of other sizes are summed in another order, which moves logits of single precision by some 1e-6 of the largest in networks of ordinary depth. A unit that is
    /// dropped, or another sample's statistics, move them by percents.
    /// </summary>
    private const double Tolerance = 1e-4;

    /// <summary>The same block is summed in the same order; what torch compiles after the first passes may round once more.</summary>
    private const double RepeatTolerance = 1e-6;

    private const int PassesOfRandomness = 16;

    private const string Probabilities = "The model's outputs are not negative and sum to 1: probabilities, it seems. The loss takes a softmax of them, as of logits, so it is applied twice. Let the model return logits.";
    private const string Rounded = "The model is in double precision; weights are kept in single, to which its own are rounded.";

    private readonly ModuleNetwork _network;
    private readonly TorchSession _session;
    private readonly Tensor _inputs;

    private ModuleExamination(ModuleNetwork network, TorchSession session, Tensor inputs) => (_network, _session, _inputs) = (network, session, inputs);

    /// <summary>Examines a module; a network whose layers Talweg knows needs no examination.</summary>
    /// <exception cref="InputException">It does not run, or its logits are no such function.</exception>
    public static void Require(NetworkWeights weights, LabelledSamples samples, Normalisation normalisation = Normalisation.Evaluation)
    {
        if (weights.Network is not ModuleNetwork network)
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        bool isDouble = network.Sources().Any(source => source.dtype == ScalarType.Float64);
        using var session = TorchSession.Open(weights, ScalarType.Float32, normalisation);
        int count = Math.Min(Samples, samples.Count);
        // Spread over all, since neighbours in a file may be alike.
        int[] which = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * samples.Count / count))];
        var examination = new ModuleExamination(network, session, SampleInputs.Of(samples, which, ScalarType.Float32));
        var logits = normalisation == Normalisation.Training ? examination.InTraining() : examination.InEvaluation();
        network.Remarks = [.. Remarks(logits), .. isDouble ? [Rounded] : (string[])[]];
    }

    private Tensor InEvaluation()
    {
        var together = Repeated("in evaluation mode, which turns layers such as nn.Dropout off: likely nn.functional.dropout without training=self.training, "
            + "noise that forward adds, or a model that was traced in training mode. Pass the mode, or trace after model.eval()");
        var alone = cat([.. Enumerable.Range(0, (int)_inputs.shape[0]).Select(i => _session.Forward(_inputs.narrow(0, i, 1)))]);
        if (Difference(together, alone) is { } difference)
            throw Refused($"a sample alone and among {_inputs.shape[0] - 1} others: found logits that differ by {difference}", "the same, in evaluation mode: "
                + (_network.Normalises ? "likely batch normalisation traced in training mode, which goes by the samples beside it. Call model.eval() before tracing, or use torch.jit.script"
                    : "likely batch normalisation without running statistics (track_running_stats=False), or another that goes by the samples beside it. Keep running statistics"));
        return together;
    }

    private Tensor InTraining()
    {
        var training = Repeated("in training mode, which only normalisation may enter: likely dropout. Measure in evaluation mode, or take the dropout out");
        _session.Normalisation = Normalisation.Evaluation;
        if (_network.Normalises && Difference(training, _session.Forward(_inputs)) is null)
            throw Refused("training mode: found the logits of evaluation mode", "others, by the statistics of a block of samples: the model was traced, which fixes the mode. Use torch.jit.script, or measure in evaluation mode");
        return training;
    }

    /// <summary>The logits of all samples together, if further passes give the same.</summary>
    /// <remarks>A generator that moved is no proof, since another thread may have drawn from it, but a reason to look more often: a dropout of 1% may drop nothing in a pass or two.</remarks>
    private Tensor Repeated(string expected)
    {
        byte[] before = Generator();
        var first = _session.Forward(_inputs);
        bool moved = !before.AsSpan().SequenceEqual(Generator());
        for (int pass = 0; pass < (moved ? PassesOfRandomness : 1); pass++)
        {
            if (Difference(first, _session.Forward(_inputs), RepeatTolerance) is { } difference)
            {
                throw Refused($"the same {_inputs.shape[0]} samples again: found logits that differ by {difference}{(moved ? ", while torch's generator moved" : "")}",
                    moved ? $"the same {expected}" : "the same; likely a state that forward counts on or changes, or random numbers of its own");
            }
        }

        return first;
    }

    /// <summary>By how much logits differ, in words; null where they agree, or are not numbers in the same places.</summary>
    private static string? Difference(Tensor one, Tensor other, double tolerance = Tolerance)
    {
        float[] values = one.contiguous().data<float>().ToArray(), others = other.contiguous().data<float>().ToArray();
        double largest = values.Concat(others).Where(float.IsFinite).Select(value => Math.Abs((double)value)).DefaultIfEmpty(0).Max();
        double difference = values.Zip(others, (a, b) => a.Equals(b) ? 0 : Math.Abs((double)a - b)).Select(value => double.IsFinite(value) ? value : double.PositiveInfinity).DefaultIfEmpty(0).Max();
        return difference <= tolerance * largest ? null : FormattableString.Invariant($"{difference:G3} (the largest is {largest:G3})");
    }

    /// <remarks>Sums of probabilities in single precision are 1 within some 1e-7.</remarks>
    private static IEnumerable<string> Remarks(Tensor logits) =>
        logits.min().item<float>() >= 0 && logits.sum(1).sub(HeldScalar.One).abs().max().item<float>() < 1e-5 ? [Probabilities] : [];

    private static byte[] Generator() => random.get_rng_state().bytes.ToArray();

    private InputException Refused(string found, string expected) => new($"{_network}: {found}, expected {expected}");
}
