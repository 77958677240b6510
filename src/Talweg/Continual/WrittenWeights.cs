using Talweg.Storage;

namespace Talweg.Continual;

/// <summary>Requires that the weights which a sequence wrote after its tasks are there as it wrote them.</summary>
internal static class WrittenWeights
{
    /// <summary>Those of a run that has ended.</summary>
    /// <exception cref="InputException">A file is missing or damaged, or holds other weights than the run's.</exception>
    public static void Require(ContinualFolder folder, ContinualRun run)
    {
        for (int task = 0; task < run.WeightsFiles.Count; task++)
        {
            string path = folder.WeightsAfter(task), found = Checksum(path);
            if (run.WeightsChecksums.ElementAtOrDefault(task) is { } recorded && recorded != found)
                throw new InputException(path, $"metadata '{SafeTensorsSeal.Key}'", Quoted.Name(found), $"{Quoted.Name(recorded)}, as {ContinualRun.FileName} records it: these are other weights; {ContinualFolder.Afresh}");
        }
    }

    /// <summary>Those of a run that goes on.</summary>
    /// <remarks>A task begins once the weights after the one before it are written; they may be there also before it begins.</remarks>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public static void RequireSoFar(ContinualFolder folder, int tasks)
    {
        for (int task = 0; task < tasks; task++)
        {
            string path = folder.WeightsAfter(task);
            if (File.Exists(path) || (task + 1 < tasks && folder.HasBegun(task + 1)))
                Checksum(path);
        }
    }

    /// <summary>The checksum that a file carries.</summary>
    /// <exception cref="InputException">The file is missing, or it is not as it was written.</exception>
    public static string Checksum(string path)
    {
        try
        {
            using var file = SafeTensorsFile.Open(path);
            file.RequireChecksum();
            return file.Metadata[SafeTensorsSeal.Key];
        }
        catch (InputException error)
        {
            throw new InputException($"{error.Message}; {ContinualFolder.Afresh}", error);
        }
    }
}
