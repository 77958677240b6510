using CsCheck;
using Talweg.Networks.Kernels;

namespace Talweg.Tests.Networks;

public sealed unsafe class PanelTests
{
    [Fact]
    public void A_product_is_that_of_three_naive_loops() =>
        Gen.Select(Gen.Int[1, 23], Gen.Int[0, 40], Gen.Int[0, 3], Gen.Int[1, 3], Gen.Bool, Gen.Bool, Gen.Int).Sample((rows, columns, padding, panels, transposed, withBias, seed) =>
        {
            var random = new Random(seed);
            int stride = (transposed ? rows : columns) + padding;
            using var weights = Filled((long)Math.Max(stride, 1) * (transposed ? Math.Max(columns, 1) : rows), random);
            using var bias = Filled(rows, random);
            using var input = Filled((long)Math.Max(columns, 1) * panels * Panel.Width, random);
            using var output = Filled((long)rows * panels * Panel.Width, random);
            float[] before = output.Span(0, (int)output.Length).ToArray();
            int shift = (panels - 1) * Panel.Width;          // the last panel of several side by side
            int width = panels * Panel.Width;
            var matrix = transposed ? Panel.Matrix.Transposed(weights.Pointer, rows, columns, stride) : Panel.Matrix.RowMajor(weights.Pointer, rows, columns, stride);
            Panel.Multiply(matrix, withBias ? bias.Pointer : null, input.Pointer + shift, width, output.Pointer + shift, width);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    float found = output.Pointer[row * width + column];
                    if (column < shift)
                    {
                        if (found != before[row * width + column])
                            return false;                     // a neighbour was touched
                        continue;
                    }

                    double expected = withBias ? bias.Pointer[row] : 0;
                    double scale = Math.Abs(expected);
                    for (int k = 0; k < columns; k++)
                    {
                        double term = (double)weights.Pointer[transposed ? k * stride + row : row * stride + k] * input.Pointer[k * width + column];
                        expected += term;
                        scale += Math.Abs(term);
                    }

                    // Each of the sum's roundings is at most half a unit in the last place of a partial sum.
                    if (Math.Abs(found - expected) > 6e-8 * (columns + 1) * scale)
                        return false;
                }
            }

            return true;
        }, iter: 300);

    private static AlignedBuffer Filled(long length, Random random)
    {
        var buffer = new AlignedBuffer(length);
        foreach (ref float value in buffer.Span(0, (int)length))
            value = (float)(2 * random.NextDouble() - 1);
        return buffer;
    }
}
