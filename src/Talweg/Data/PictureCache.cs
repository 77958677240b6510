using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Talweg.Storage;

namespace Talweg.Data;

/// <summary>Decoded pictures in one file of the user's cache: the training images, then the test images, nothing else.</summary>
internal static class PictureCache
{
    /// <summary>Raised when other bytes come out of the same pictures.</summary>
    private const int Version = 1;

    /// <summary>Changes when a picture is added, taken away, renamed or written anew, or is to be resized otherwise.</summary>
    public static string KeyOf(IEnumerable<Picture> pictures, PictureOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Version}{options}\n"));
        foreach (var picture in pictures)
        {
            var file = new FileInfo(picture.Source);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}\n{file.Length} {file.LastWriteTimeUtc.Ticks}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The images' bytes, in the file, which is made unless it is there.</summary>
    /// <param name="cache">The folder of the user's cache.</param>
    /// <param name="key">What the file is called.</param>
    /// <param name="trainLength">Bytes of the training images.</param>
    /// <param name="testLength">Bytes of the test images.</param>
    /// <param name="decode">Hands on all images, block by block: bytes and how many of them count.</param>
    /// <param name="cancellation">Ends the waiting for another process that decodes pictures.</param>
    /// <exception cref="InputException">The cache cannot be written.</exception>
    public static (PixelStore Train, PixelStore Test) Open(string cache, string key, long trainLength, long testLength, Action<Action<byte[], int>> decode, CancellationToken cancellation)
    {
        string path = Path.Combine(cache, "folders", $"{key}.pixels");
        bool IsWhole() => File.Exists(path) && new FileInfo(path).Length == trainLength + testLength;
        try
        {
            if (!IsWhole())
            {
                using var held = DataFolder.Hold(Path.GetDirectoryName(path)!, cancellation);
                AtomicFile.RemoveLeftovers(held.Folder);
                if (!IsWhole())
                    AtomicFile.Write(path, to => decode((block, length) => to.Write(block, 0, length)));
            }

            var file = File.OpenHandle(path);
            return (new FilePixels(file, path, 0, trainLength), new FilePixels(file, path, trainLength, testLength));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the decoded pictures, {trainLength + testLength} bytes, cannot be kept: {e.Message}. Free some space, or set XDG_CACHE_HOME to a folder that has it.", e);
        }
    }
}
