using System.Security.Cryptography;
using System.Text;

namespace Talweg.Data;

/// <summary>Downloads public data sets: from the first mirror that delivers bytes with the published checksum.</summary>
/// <remarks>
/// A file under its final name is complete and verified. Unfinished files stay beside it, one per address, and the next call resumes them.
/// </remarks>
public sealed class DatasetDownloader : IDisposable
{
    private const string Unfinished = ".part";

    private readonly FileFetcher _fetcher;
    private readonly DownloadLimits _limits;

    /// <param name="limits">Times and sizes; the defaults suit the catalogue.</param>
    public DatasetDownloader(DownloadLimits? limits = null)
    {
        _limits = limits ?? new();
        _fetcher = new(_limits);
    }

    /// <summary>Puts the packed files of <paramref name="set"/> into <paramref name="folder"/>, except those that are there already.</summary>
    /// <exception cref="InputException">No mirror delivered a file; the message says for each why not.</exception>
    public void Download(DatasetDescription set, string folder, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(folder);
        using var held = DataFolder.Hold(folder, cancellation);
        try
        {
            Task.Run(() => DownloadAsync(set, folder, progress, cancellation), cancellation).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the download cannot be stored: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _fetcher.Dispose();

    private async Task DownloadAsync(DatasetDescription set, string folder, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        var mirrors = set.Mirrors.ToList();
        foreach (var file in set.Files.Where(file => !file.NamesOnDisk().Any(name => File.Exists(Path.Combine(folder, name)))))
        {
            var failures = new List<string>();
            while (!await TryFileAsync(mirrors, file, folder, failures, progress, cancellation).ConfigureAwait(false))
                if (failures.Count >= mirrors.Count)
                    throw new InputException($"{set.Name}: {file.Name}.gz could not be downloaded:\n{string.Join("\n", failures)}");
        }
    }

    // A mirror that fails goes to the end of the queue, so that the next file does not wait for it first.
    private async Task<bool> TryFileAsync(
        List<Uri> mirrors, PublishedFile file, string folder, List<string> failures, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        if (mirrors.Count == 0)
            return false;
        var mirror = mirrors[0];
        var address = new Uri(mirror, file.Name + ".gz");
        try
        {
            await FetchVerifiedAsync(address, file, Path.Combine(folder, file.Name + ".gz"), progress, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (FetchException e)
        {
            failures.Add($"  {address}: {e.Message}");
            mirrors.RemoveAt(0);
            mirrors.Add(mirror);
            return false;
        }
    }

    private async Task FetchVerifiedAsync(Uri address, PublishedFile file, string path, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        string partial = PartialFor(path, address);
        bool resumed = File.Exists(partial);
        long largest = file.LargestFile ?? _limits.LargestFile;
        void Report(long done, long total) => progress?.Report(new($"downloading {Path.GetFileName(path)}", done, total, address.Host));
        await _fetcher.FetchAsync(address, partial, largest, Report, cancellation).ConfigureAwait(false);
        string? wrong = Mismatch(partial, file);
        if (wrong is not null && resumed)                      // perhaps the old beginning was of another file: once more from the start
        {
            File.Delete(partial);
            await _fetcher.FetchAsync(address, partial, largest, Report, cancellation).ConfigureAwait(false);
            wrong = Mismatch(partial, file);
        }
        if (wrong is not null)
        {
            File.Delete(partial);
            throw new FetchException(wrong);
        }
        File.Move(partial, path, overwrite: true);
        foreach (string left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.????????{Unfinished}"))
            File.Delete(left);                                 // what other mirrors sent of it
    }

    private string? Mismatch(string partial, PublishedFile file)
    {
        try
        {
            return PublishedChecksum.Compare(partial, file, Math.Max(_limits.LargestUnpacked, file.LargestFile ?? 0)) == ChecksumVerdict.Matches
                ? null : $"the file received does not have the published checksum {file.Md5}";
        }
        catch (InputException e)
        {
            return $"the file received is damaged: {e.Message}";
        }
    }

    // One unfinished file per address: bytes of two mirrors are never mixed.
    private static string PartialFor(string path, Uri address) =>
        $"{path}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.AbsoluteUri)).AsSpan(0, 4))}{Unfinished}";
}
