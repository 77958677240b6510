using Talweg.Storage;

namespace Talweg.Data;

/// <summary>Keeps the drawn digits as idx files, so that they are drawn once per user.</summary>
/// <param name="TrainCount">Images in the training set.</param>
/// <param name="TestCount">Images in the test set.</param>
/// <param name="Checksum">The checksum of what is drawn; a cache that differs is drawn anew.</param>
internal sealed record DigitsCache(int TrainCount, int TestCount, string Checksum)
{
    private static readonly DatasetSource Source = new([]) { Remark = "drawn by Talweg" };
    private static readonly string[] Names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>The whole data set.</summary>
    public static DigitsCache Standard { get; } = new(DrawnDigits.TrainCount, DrawnDigits.TestCount, DrawnDigits.Checksum);

    /// <summary>The folder of this version under <paramref name="cacheRoot"/>.</summary>
    public static string FolderIn(string cacheRoot) => Path.Combine(cacheRoot, $"digits-v{DrawnDigits.Version}");

    /// <summary>Whether the folder holds the four files, whatever is in them.</summary>
    public static bool IsPresent(string folder) => Names.All(name => File.Exists(Path.Combine(folder, name)));

    /// <summary>The digits from the cache, or drawn; a cache that cannot be written is done without.</summary>
    public Dataset Load(string cacheRoot, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        string folder = FolderIn(cacheRoot);
        if (TryRead(folder) is { } cached)
            return cached;
        using var held = TryTakeLock(folder, cancellation);
        if (held is null)
            return Draw(progress, cancellation);
        if (TryRead(folder) is { } drawnMeanwhile)
            return drawnMeanwhile;
        var drawn = Draw(progress, cancellation);
        AtomicFile.RemoveLeftovers(folder);
        Store(drawn, folder);
        return drawn;
    }

    /// <summary>The cached digits, or null if they are absent or not the bytes that Talweg draws.</summary>
    public Dataset? TryRead(string folder)
    {
        if (!IsPresent(folder))
            return null;
        string[] paths = [.. Names.Select(name => Path.Combine(folder, name))];
        try
        {
            var set = Dataset.Of("digits", IdxFile.Read("digits train", paths[0], paths[1], 10), IdxFile.Read("digits test", paths[2], paths[3], 10));
            return set.Checksum == Checksum ? set with { Source = Source } : null;
        }
        catch (InputException)
        {
            return null;
        }
    }

    private Dataset Draw(IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        int total = TrainCount + TestCount;
        progress?.Report(new("drawing digits", 0, total));
        var train = DrawnDigits.DrawTrain(TrainCount, cancellation);
        progress?.Report(new("drawing digits", TrainCount, total));
        var test = DrawnDigits.DrawTest(TestCount, cancellation);
        progress?.Report(new("drawing digits", total, total));
        return Dataset.Of("digits", train, test) with { Source = Source };
    }

    private static FolderLock? TryTakeLock(string folder, CancellationToken cancellation)
    {
        try
        {
            return DataFolder.Hold(folder, cancellation);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static void Store(Dataset set, string folder)
    {
        try
        {
            AtomicFile.Write(Path.Combine(folder, Names[0]), to => IdxFile.WriteImages(set.Train, to));
            AtomicFile.Write(Path.Combine(folder, Names[1]), to => IdxFile.WriteLabels(set.Train, to));
            AtomicFile.Write(Path.Combine(folder, Names[2]), to => IdxFile.WriteImages(set.Test, to));
            AtomicFile.Write(Path.Combine(folder, Names[3]), to => IdxFile.WriteLabels(set.Test, to));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk costs only the next start's few seconds of drawing.
        }
    }
}
