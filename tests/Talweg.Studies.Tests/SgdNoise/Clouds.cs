using Talweg.Data;
using Talweg.Statistics;

namespace Talweg.Studies.Tests.SgdNoise;

/// <summary>Three classes in six dimensions that overlap, so that the loss stays well above 0.</summary>
internal static class Clouds
{
    public const int Inputs = 6;
    public const int Classes = 3;

    public static LabelledSamples Of(long seed, int count, double spread = 0.7)
    {
        var random = new RandomStream(seed, "clouds");
        int[] labels = [.. Enumerable.Range(0, count).Select(k => k % Classes)];
        return new([.. labels.SelectMany(label => Enumerable.Range(0, Inputs).Select(i => (float)((i % Classes == label ? 1 : 0) + spread * random.NextNormal())))], labels, Inputs, Classes);
    }
}
