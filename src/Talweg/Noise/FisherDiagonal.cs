using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Noise.Gradients;
using static TorchSharp.torch;

namespace Talweg.Noise;

/// <summary>Which average of squared gradients is called the Fisher information's diagonal.</summary>
public enum FisherKind
{
    /// <summary>Over samples and the labels that the model itself would draw: the Fisher information.</summary>
    Exact,

    /// <summary>Over samples with the labels of the data: the "empirical Fisher".</summary>
    Empirical,

    /// <summary>Over minibatches, of the gradients of their mean losses, with the labels of the data: what some public code squares.</summary>
    Minibatch,
}

/// <summary>The diagonal of the Fisher information of a classifier, and two quantities that are used in its place.</summary>
/// <remarks>
/// <para>Exact: f_k = ⟨Σ_y p(y|x) (∂ ln p(y|x; w)/∂w_k)²⟩ₓ (Fisher; Amari 1998), which at a minimum with p(y|x) of the data is the Hessian's diagonal.</para>
/// <para>Empirical: f_k = ⟨(∂ ln p(yₓ|x; w)/∂w_k)²⟩ₓ with the data's labels yₓ: Kunstner et al., NeurIPS 2019, on how it differs.</para>
/// <para>Minibatch: f_k = ⟨(∂L^μ/∂w_k)²⟩_μ: about 1/B of the empirical one where gradients average to 0, since a mean of B samples is squared.</para>
/// <para>Of all weights of a space, [N], in squared nats over squared weights; sums in double precision.</para>
/// </remarks>
public static class FisherDiagonal
{
    private const int LogitsAtOnce = 1000;

    /// <summary>The diagonal of one kind.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="weights">Where.</param>
    /// <param name="samples">What the mean is over.</param>
    /// <param name="space">The weights to differentiate by.</param>
    /// <param name="batchSize">B, for <see cref="FisherKind.Minibatch"/> alone: consecutive minibatches.</param>
    /// <param name="work">Threads and cancellation.</param>
    public static double[] Of(FisherKind kind, NetworkWeights weights, LabelledSamples samples, WeightSpace space, int batchSize, WorkOptions? work = null) => kind switch
    {
        FisherKind.Exact => Exact(weights, samples, space, work),
        FisherKind.Empirical => Empirical(weights, samples, space, work),
        _ => OfMinibatches(weights, samples, space, batchSize, work),
    };

    /// <summary>f_k = ⟨Σ_y p(y|x) (∂ ln p(y|x)/∂w_k)²⟩ₓ: one pass over the samples for each class.</summary>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together.</exception>
    public static double[] Exact(NetworkWeights weights, LabelledSamples samples, WeightSpace space, WorkOptions? work = null)
    {
        NetworkFit.Require(weights, samples, space);
        work ??= WorkOptions.Default;
        double[,] probabilities = Probabilities(weights, samples);
        double[] diagonal = new double[space.Dimension];
        for (int label = 0; label < weights.Network.Outputs; label++)
        {
            work.Cancellation.ThrowIfCancellationRequested();
            work.Progress?.Report(new("Fisher information", label, weights.Network.Outputs));
            int drawn = label;
            double[] shares = [.. Enumerable.Range(0, samples.Count).Select(sample => probabilities[sample, drawn] / samples.Count)];
            Add(diagonal, Squares(weights, samples.Labelled(label, weights.Network.Outputs), space, shares, work));
        }

        return diagonal;
    }

    /// <summary>f_k = ⟨(∂ ln p(yₓ|x)/∂w_k)²⟩ₓ with the data's labels.</summary>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together.</exception>
    public static double[] Empirical(NetworkWeights weights, LabelledSamples samples, WeightSpace space, WorkOptions? work = null)
    {
        NetworkFit.Require(weights, samples, space);
        double[] equal = new double[samples.Count];
        Array.Fill(equal, 1.0 / samples.Count);
        return Squares(weights, samples, space, equal, work ?? WorkOptions.Default);
    }

    /// <summary>f_k = ⟨(∂L^μ/∂w_k)²⟩_μ over consecutive minibatches of B samples.</summary>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">B is not within 1 … M.</exception>
    public static double[] OfMinibatches(NetworkWeights weights, LabelledSamples samples, WeightSpace space, int batchSize, WorkOptions? work = null)
    {
        NetworkFit.Require(weights, samples, space);
        work ??= WorkOptions.Default;
        var sets = MinibatchSets.Consecutive(samples.Count, batchSize);
        using var source = GradientSource.Of(weights, samples, space, LandscapePrecision.Single, work.Threads, hold: true);
        using var scope = NewDisposeScope();
        double[] sum = new double[space.Dimension];
        // One after the other: several threads would add in the order in which they come by, and a run that is resumed knows its memory by the last bits.
        source.Stream(sets, "minibatch gradients", work with { Threads = 1 }, (_, block) =>
            Add(sum, block.Whole().to(ScalarType.Float64).pow(HeldScalar.Two).sum([0L]).data<double>().ToArray()));
        for (int k = 0; k < sum.Length; k++)
            sum[k] /= sets.Count;
        return sum;
    }

    private static double[] Squares(NetworkWeights weights, LabelledSamples samples, WeightSpace space, double[] shares, WorkOptions work)
    {
        using var noGradient = no_grad();
        using var source = GradientSource.Of(weights, samples, space, LandscapePrecision.Double, work.Threads, hold: false);
        return source.SumOfSquares(shares);
    }

    /// <summary>p(y|x) [samples, classes], in double precision.</summary>
    private static double[,] Probabilities(NetworkWeights weights, LabelledSamples samples)
    {
        using var noGradient = no_grad();
        using var session = TorchSession.Open(weights, ScalarType.Float64);
        double[,] probabilities = new double[samples.Count, weights.Network.Outputs];
        for (int first = 0; first < samples.Count; first += LogitsAtOnce)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(LogitsAtOnce, samples.Count - first);
            double[] rows = session.Forward(SampleInputs.Of(samples, first, count, ScalarType.Float64)).softmax(1).contiguous().data<double>().ToArray();
            Buffer.BlockCopy(rows, 0, probabilities, first * weights.Network.Outputs * sizeof(double), rows.Length * sizeof(double));
        }

        return probabilities;
    }

    private static void Add(double[] sum, double[] summand)
    {
        for (int k = 0; k < sum.Length; k++)
            sum[k] += summand[k];
    }
}
