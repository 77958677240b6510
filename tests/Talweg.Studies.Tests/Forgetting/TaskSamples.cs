using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>One task's samples behind the layer that is not trained, in double precision: what is learned, what is put aside of the same images, and what is tested on.</summary>
/// <param name="Train">What is learned.</param>
/// <param name="Validation">All training images of the task's classes that are not learned.</param>
/// <param name="Test">All test images of these classes.</param>
/// <param name="Classes">The task's.</param>
internal sealed record TaskSamples(TaskSamples.Set Train, TaskSamples.Set Validation, TaskSamples.Set Test, IReadOnlyCollection<int> Classes)
{
    /// <param name="data">The data set.</param>
    /// <param name="digits">The task: its classes.</param>
    /// <param name="count">Training images of all classes, from the first on, that tasks are made of.</param>
    /// <param name="learned">Those that are learned.</param>
    /// <param name="firstLayer">The matrix of the layer before those that are trained.</param>
    /// <param name="outputs">Its outputs.</param>
    public static TaskSamples Of(Dataset data, string digits, int count, LabelledSamples learned, float[] firstLayer, int outputs)
    {
        int[] classes = [.. digits.Select(digit => digit - '0')];
        var train = Images(data.Train, classes, count);
        HashSet<string> known = [.. Enumerable.Range(0, learned.Count).Select(k => Convert.ToHexString([.. learned.Input(k).ToArray().Select(x => (byte)MathF.Round(255 * x))]))];
        Set Behind(IEnumerable<(byte[] Pixels, int Label)> images) => Set.Of(images, firstLayer, outputs);
        bool IsLearned((byte[] Pixels, int Label) image) => known.Contains(Convert.ToHexString(image.Pixels));
        return new(Behind(train.Where(IsLearned)), Behind(train.Where(image => !IsLearned(image))), Behind(Images(data.Test, classes, data.Test.Count)), classes);
    }

    private static List<(byte[] Pixels, int Label)> Images(ImageSet images, int[] classes, int count) =>
        [.. Enumerable.Range(0, count).Where(k => classes.Contains(images.Label(k))).Select(k => (images.Image(k).ToArray(), images.Label(k)))];

    /// <summary>Inputs of the trained layers, and labels.</summary>
    public sealed record Set(IReadOnlyList<double[]> Inputs, IReadOnlyList<int> Labels)
    {
        public static Set Of(IEnumerable<(byte[] Pixels, int Label)> images, float[] layer, int outputs)
        {
            (byte[] Pixels, int Label)[] all = [.. images];
            return new([.. all.Select(image => Behind(image.Pixels, layer, outputs))], [.. all.Select(image => image.Label)]);
        }

        /// <summary>The trained layers' outputs before softmax: a matrix, ReLU, a matrix.</summary>
        /// <param name="weights">Both.</param>
        /// <param name="p">A direction of the first.</param>
        /// <param name="t">How far it goes along there.</param>
        public IReadOnlyList<double[]> Logits(NetworkWeights weights, double[]? p = null, double t = 0)
        {
            var matrices = ((DenseWeights)weights).Matrices;
            double[] first = Array.ConvertAll(matrices[0], w => (double)w), last = Array.ConvertAll(matrices[1], w => (double)w);
            for (int n = 0; p is not null && n < p.Length; n++)
                first[n] += t * p[n];
            var logits = new double[Inputs.Count][];
            double[] hidden = new double[first.Length / Inputs[0].Length];
            for (int k = 0; k < logits.Length; k++)
            {
                logits[k] = new double[last.Length / hidden.Length];
                Multiply(first, Inputs[k], hidden);
                for (int i = 0; i < hidden.Length; i++)
                    hidden[i] = Math.Max(hidden[i], 0);
                Multiply(last, hidden, logits[k]);
            }

            return logits;
        }

        /// <summary>Mean cross entropy.</summary>
        public double Loss(NetworkWeights weights, double[]? p = null, double t = 0) =>
            Logits(weights, p, t).Select((y, k) => Math.Log(y.Sum(v => Math.Exp(v - y[Labels[k]])))).Average();

        public (double Low, double High) Error(NetworkWeights weights, IReadOnlyCollection<int>? competing = null) => Plain.Error(Logits(weights), Labels, competing);

        private static double[] Behind(byte[] pixels, float[] layer, int outputs)
        {
            var z = new double[outputs];
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < pixels.Length; i++)
                    z[o] += layer[o * pixels.Length + i] * (pixels[i] / 255.0);
                z[o] = Math.Max(z[o], 0);
            }

            return z;
        }

        private static void Multiply(double[] matrix, double[] x, double[] product)
        {
            for (int o = 0; o < product.Length; o++)
            {
                double sum = 0;
                for (int i = 0; i < x.Length; i++)
                    sum += matrix[o * x.Length + i] * x[i];
                product[o] = sum;
            }
        }
    }
}
