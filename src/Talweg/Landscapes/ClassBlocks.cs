using Talweg.Data;
using Talweg.Networks.Kernels;

namespace Talweg.Landscapes;

/// <summary>
/// Samples sorted by class into blocks of 64, so that all samples of a block share their label and the kernel needs no lookup a lane.
/// </summary>
/// <remarks>A class's last block is filled up with empty places. Blocks remember their samples' own indices.</remarks>
internal sealed class ClassBlocks
{
    private readonly int[] _samples;

    private ClassBlocks(int[] samples, int[] labels, int[] counts)
    {
        _samples = samples;
        Labels = labels;
        Counts = counts;
    }

    /// <summary>Number of blocks.</summary>
    public int Count => Labels.Length;

    /// <summary>The label that a block's samples share.</summary>
    public int[] Labels { get; }

    /// <summary>How many of a block's 64 places hold samples; these come first.</summary>
    public int[] Counts { get; }

    public static ClassBlocks Of(LabelledSamples data)
    {
        var samples = new List<int>();
        var labels = new List<int>();
        var counts = new List<int>();
        var byClass = Enumerable.Range(0, data.Count).ToLookup(sample => data.Labels[sample]);
        for (int label = 0; label < data.Classes; label++)
        {
            foreach (int[] chunk in byClass[label].Chunk(Panel.Width))
            {
                samples.AddRange(chunk);
                samples.AddRange(Enumerable.Repeat(-1, Panel.Width - chunk.Length));
                labels.Add(label);
                counts.Add(chunk.Length);
            }
        }

        return new([.. samples], [.. labels], [.. counts]);
    }

    /// <summary>The samples in a block, [its count].</summary>
    public ReadOnlySpan<int> Samples(int block) => _samples.AsSpan(block * Panel.Width, Counts[block]);

    /// <summary>Writes a block's inputs as a panel [width][64]; empty places become 0.</summary>
    public unsafe void FillPanel(int block, LabelledSamples data, float* panel)
    {
        var samples = Samples(block);
        new Span<float>(panel, data.Width * Panel.Width).Clear();
        for (int place = 0; place < samples.Length; place++)
        {
            var input = data.Input(samples[place]);
            for (int i = 0; i < input.Length; i++)
                panel[i * Panel.Width + place] = input[i];
        }
    }

    /// <summary>Writes a block's inputs row by row, [64][width]; empty places are left as they are.</summary>
    public void FillRows(int block, LabelledSamples data, Span<float> rows)
    {
        var samples = Samples(block);
        data.Read(samples, rows[..(samples.Length * data.Width)]);
    }
}
