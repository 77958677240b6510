using System.Runtime.Intrinsics;
using Talweg.Networks.Kernels;

namespace Talweg.Training;

/// <summary>Cross entropy of one sample from its row of logits, as log1p(Σ_{n≠k} exp(yₙ − y_k)), and its derivative.</summary>
internal static unsafe class Softmax
{
    private static readonly Vector512<float> LaneNumbers = Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// <summary>Loss in nats, and whether the label's logit is the one largest.</summary>
    public static double Loss(float* logits, int classes, int label, out bool correct)
    {
        float largest = LargestMargin(logits, classes, label);
        correct = largest < 0;
        float shift = Math.Max(largest, 0);
        var sum = Vector512<float>.Zero;
        for (int first = 0; first < classes; first += Panel.Lanes)
            sum += Exponentials(logits, first, classes, label, shift);
        return FromSum(VectorMath.SumLanes(sum), shift).Loss;
    }

    /// <summary>Loss, and scale·∂loss/∂yₙ written to <paramref name="errors"/>; the label's own error keeps relative precision too.</summary>
    public static double LossAndError(float* logits, int classes, int label, float scale, float* errors)
    {
        float shift = Math.Max(LargestMargin(logits, classes, label), 0);
        var sum = Vector512<float>.Zero;
        for (int first = 0; first < classes; first += Panel.Lanes)
        {
            var e = Exponentials(logits, first, classes, label, shift);
            e.Store(errors + first);
            sum += e;
        }

        float total = VectorMath.SumLanes(sum);
        var (loss, partition) = FromSum(total, shift);
        var factor = Vector512.Create(scale / partition);
        for (int first = 0; first < classes; first += Panel.Lanes)
            (Vector512.Load(errors + first) * factor).Store(errors + first);
        errors[label] = -total * scale / partition;
        return loss;
    }

    private static (float Loss, float Partition) FromSum(float sum, float shift)
    {
        float scaledOne = VectorMath.Exp(Vector512.Create(-shift)).ToScalar();
        return (shift + VectorMath.Log1P(Vector512.Create(sum + (scaledOne - 1))).ToScalar(), sum + scaledOne);
    }

    private static float LargestMargin(float* logits, int classes, int label)
    {
        float largest = float.NegativeInfinity;
        for (int n = 0; n < classes; n++)
        {
            if (n != label)
                largest = Math.Max(largest, logits[n] - logits[label]);
        }

        return largest;
    }

    /// <summary>exp(yₙ − y_k − shift) of sixteen classes; 0 for the label itself and beyond the last class.</summary>
    private static Vector512<float> Exponentials(float* logits, int first, int classes, int label, float shift)
    {
        var e = VectorMath.Exp(Vector512.Load(logits + first) - Vector512.Create(logits[label]) - Vector512.Create(shift));
        var others = Vector512.LessThan(LaneNumbers, Vector512.Create((float)(classes - first)))
            & ~Vector512.Equals(LaneNumbers, Vector512.Create((float)(label - first)));
        return e & others;
    }
}
