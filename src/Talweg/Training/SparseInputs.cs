using Talweg.Data;

namespace Talweg.Training;

/// <summary>The non-zero inputs of every sample: four fifths of an MNIST image is background, and products with 0 need not be made.</summary>
/// <remarks>8 bytes a non-zero input: 72 MB for MNIST's 60,000 training images.</remarks>
internal sealed class SparseInputs
{
    private readonly int[] _starts;
    private readonly int[] _positions;
    private readonly float[] _values;

    public SparseInputs(LabelledSamples data)
    {
        Labels = data.Labels;
        Width = data.Width;
        _starts = new int[data.Count + 1];
        for (int sample = 0; sample < data.Count; sample++)
            _starts[sample + 1] = checked(_starts[sample] + data.Width - data.Input(sample).Count(0f));
        _positions = new int[_starts[^1]];
        _values = new float[_starts[^1]];
        for (int sample = 0; sample < data.Count; sample++)
            Fill(data.Input(sample), _starts[sample]);
    }

    public int Count => Labels.Length;

    /// <summary>Inputs a sample, zeros included.</summary>
    public int Width { get; }

    public int[] Labels { get; }

    /// <summary>Where a sample's inputs differ from 0.</summary>
    public ReadOnlySpan<int> Positions(int sample) => _positions.AsSpan(_starts[sample].._starts[sample + 1]);

    /// <summary>The inputs there.</summary>
    public ReadOnlySpan<float> Values(int sample) => _values.AsSpan(_starts[sample].._starts[sample + 1]);

    private void Fill(ReadOnlySpan<float> input, int next)
    {
        for (int i = 0; i < input.Length; i++)
        {
            if (input[i] == 0)
                continue;
            _positions[next] = i;
            _values[next++] = input[i];
        }
    }
}
