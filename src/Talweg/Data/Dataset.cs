using System.Security.Cryptography;

namespace Talweg.Data;

/// <summary>A training set and a test set.</summary>
/// <param name="Name">The name in the catalogue: "mnist".</param>
/// <param name="Train">The training set.</param>
/// <param name="Test">The test set.</param>
/// <param name="Checksum">SHA-256 (lower-case hex) of the four unpacked idx files one after the other: train images, train labels, test
/// images, test labels. Images in colour count as idx bytes in four dimensions, [count, 3, rows, columns]. Results are addressed by it, so
/// packing, file names and folders make no difference.</param>
public sealed record Dataset(string Name, ImageSet Train, ImageSet Test, string Checksum)
{
    /// <summary>What the classes are called, in the order of their numbers; empty where the data do not say.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Where it was read from.</summary>
    public DatasetSource Source { get; init; } = new([]);

    /// <summary>Puts two sets together and computes their checksum.</summary>
    public static Dataset Of(string name, ImageSet train, ImageSet test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var set in (ReadOnlySpan<ImageSet>)[train, test])
        {
            hash.AppendData(IdxFile.ImagesHeader(set));
            foreach (var block in set.Blocks())
                hash.AppendData(block.Span);
            hash.AppendData(IdxFile.LabelsHeader(set));
            hash.AppendData(set.Labels.Span);
        }
        return new(name, train, test, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
