using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Native;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>Gradients of any module by plain passes forward and backward: one backward pass a minibatch, one a sample where samples are asked for singly.</summary>
/// <remarks>
/// Every call opens a session of its own, so that the module is free between calls, and runs on one thread. A pass starts at the logits with the errors
/// there, as on the other paths. That samples do not touch each other in evaluation mode was examined before (<see cref="ModuleExamination"/>).
/// </remarks>
internal sealed class ModuleGradients(NetworkWeights weights, LabelledSamples samples, WeightSpace space, ScalarType type) : GradientSource(space)
{
    private TorchSession? _streaming;                                   // while a session is open, which one stream at a time has

    public override string Path => "general";

    public override int Samples => samples.Count;

    public override ScalarType Type => type;

    private protected override int AtOnce => 100;

    private protected override bool CanShare => false;

    public override Tensor Rows(int first, int count)
    {
        var rows = empty(count, Space.Dimension, ScalarType.Float64);
        using var session = Open();
        for (int i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            rows.narrow(0, i, 1).copy_(Gradient(session, [first + i], errors => errors));
        }

        return rows;
    }

    public override double[] Sum(double[] coefficients)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(Space.Dimension, ScalarType.Float64);
        Run((session, which) =>
        {
            var scale = tensor(coefficients.AsSpan(which[0], which.Length).ToArray()).to(type).unsqueeze(1);
            sum.add_(Gradient(session, which, errors => errors * scale).to(ScalarType.Float64), HeldScalar.One);
        });
        return sum.data<double>().ToArray();
    }

    /// <remarks>
    /// The gradient of Σ uₙ·yₙ by the weights, times v, is linear in u, and its derivative by uₙ is the rate of sample n's logits along v, ẏₙ: a backward pass
    /// through a backward pass for all samples of a chunk. Then ∂ℓₙ/∂w · v = eₙ·ẏₙ with e the errors of the logits.
    /// </remarks>
    public override double[] Along(ReadOnlySpan<double> vector)
    {
        double[] slopes = new double[Samples];
        double[] numbers = vector.ToArray();
        Run((session, which) =>
        {
            using var gradients = enable_grad();
            var logits = session.Forward(SampleInputs.Of(samples, which, type));
            var seeds = zeros_like(logits).requires_grad_();
            var parameters = Parameters(session);
            var found = session.Gradients([logits], parameters, [seeds], differentiable: true);
            int[] used = [.. Enumerable.Range(0, parameters.Length).Where(i => IsUsed(found[i]))];
            if (used.Length == 0)
                return;
            Tensor[] along = [.. used.Select(i => tensor(numbers.AsSpan(Space.Segments[i].Start, Space.Segments[i].Length).ToArray()).to(type, copy: true).reshape(parameters[i].shape))];
            var rates = session.Gradients([.. used.Select(i => found[i])], [seeds], along)[0];
            var errors = DensePass.OutputErrors(logits.detach(), Labels(which));
            (errors.to(ScalarType.Float64) * rates.to(ScalarType.Float64)).sum([1L]).data<double>().CopyTo(slopes.AsSpan(which[0], which.Length));
        });
        return slopes;
    }

    /// <remarks>A pass a sample: a sum of squares has no shorter way through a module.</remarks>
    public override double MeanSquaredNorm()
    {
        double sum = 0;
        Run((session, which) =>
        {
            foreach (int sample in which)
                sum += Gradient(session, [sample], errors => errors).to(ScalarType.Float64).pow(HeldScalar.Two).sum().item<double>();
        });
        return sum / Samples;
    }

    public override void Stream(MinibatchSets minibatches, string what, WorkOptions options, Action<int, GradientBlock> take)
    {
        using var session = Open();
        _streaming = session;
        base.Stream(minibatches, what, options, take);
    }

    public override void Dispose()
    {
    }

    private protected override Func<int, int, GradientBlock> Groups(int[] which, int count, int divisor)
    {
        int length = which.Length / count;
        return (first, groups) =>
        {
            using var number = divisor.ToScalar();
            var sums = empty(groups, Space.Dimension, type);
            for (int i = 0; i < groups; i++)
            {
                using var scope = NewDisposeScope();
                sums.narrow(0, i, 1).copy_(Gradient(_streaming!, which[((first + i) * length)..((first + i + 1) * length)], errors => errors.div_(number)));
            }

            return new(Space, sums);
        };
    }

    private static bool IsUsed(Tensor? gradient) => gradient is { IsInvalid: false };

    /// <summary>Consecutive samples, so many at a time, on this thread.</summary>
    private void Run(Action<TorchSession, int[]> body)
    {
        using var session = Open();
        SampleRanges.Run(Samples, AtOnce, 1, (_, first, count) => body(session, [.. Enumerable.Range(first, count)]));
    }

    private TorchSession Open() => TorchSession.Open(weights, type);

    private Tensor[] Parameters(TorchSession session) => [.. Space.Segments.Select(segment => session.Parameters[segment.Tensor])];

    private Tensor Labels(int[] which) => DensePass.Labels([.. which.Select(sample => samples.Labels[sample])]);

    /// <summary>Σ ∂ℓ/∂w over the samples, [N], their errors weighted.</summary>
    private Tensor Gradient(TorchSession session, int[] which, Func<Tensor, Tensor> weigh)
    {
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var logits = session.Forward(SampleInputs.Of(samples, which, type));
        var parameters = Parameters(session);
        var found = session.Gradients([logits], parameters, [weigh(DensePass.OutputErrors(logits.detach(), Labels(which)))]);
        return cat([.. found.Select((part, i) => IsUsed(part) ? part.flatten() : zeros(parameters[i].NumberOfElements, type))]).MoveToOuterDisposeScope();
    }
}
