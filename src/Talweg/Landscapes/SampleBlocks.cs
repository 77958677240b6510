namespace Talweg.Landscapes;

/// <summary>Samples in blocks.</summary>
internal static class SampleBlocks
{
    /// <summary>Consecutive samples, so many at a time; the last block has the rest.</summary>
    public static IEnumerable<(int First, int Count)> Of(int samples, int size)
    {
        for (int first = 0; first < samples; first += size)
            yield return (first, Math.Min(size, samples - first));
    }

    /// <summary>As above, but a rest goes to the last block: where samples make each other's statistics, none is left with few.</summary>
    public static IEnumerable<(int First, int Count)> WithoutRest(int samples, int size)
    {
        int blocks = Math.Max(1, samples / size);
        for (int block = 0; block < blocks; block++)
            yield return (block * size, block == blocks - 1 ? samples - block * size : size);
    }
}
