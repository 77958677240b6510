namespace Talweg.Reliability.Tests.Fuzzing;

/// <summary>A reader of files that are not trusted, and valid small files from which its inputs are made.</summary>
/// <param name="Name">What failures and replays call it.</param>
/// <param name="Seeds">Valid files, before <see cref="Finish"/>.</param>
/// <param name="Read">
/// Puts the bytes into a file of the folder, which is the thread's own and empty at first, and reads it: returns, throws <see cref="InputException"/>, or
/// throws <see cref="WrongAnswerException"/>. Anything else is a failure.
/// </param>
internal sealed record FuzzReader(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[], string> Read)
{
    /// <summary>What makes a valid file of a seed: packing, or checksums made right. Half of the inputs are changed before it, half after it.</summary>
    public Func<byte[], byte[]>? Finish { get; init; }

    /// <summary>Its inputs, relative to the others'.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Bytes that reading one input may allocate.</summary>
    public long Memory { get; init; } = 32L << 20;

    /// <summary>How long reading one input may take.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether valid files are refused too: programs that nobody trusts.</summary>
    public bool RefusesAll { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A damaged file was read, and gave numbers that are not in it.</summary>
internal sealed class WrongAnswerException(string message) : Exception(message);
