using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Talweg.Storage;

/// <summary>What is at a path.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or nothing that this user may look at.</summary>
    None,

    /// <summary>A file with bytes of its own: the only kind that is read or replaced.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link; only where links are not followed.</summary>
    Link,

    /// <summary>A FIFO: opening it waits for somebody at the other end.</summary>
    NamedPipe,

    /// <summary>A character or block device.</summary>
    Device,

    /// <summary>A socket.</summary>
    Socket,
}

/// <summary>Tells what is at a path without opening it, since opening a named pipe may wait forever.</summary>
internal static partial class FileKinds
{
    private const int CurrentFolder = -100;   // AT_FDCWD
    private const int NoFollow = 0x100;       // AT_SYMLINK_NOFOLLOW
    private const uint TypeModeOwner = 0x1B;  // STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID
    private const int StatxBytes = 256;
    private const int UserAt = 20, GroupAt = 24, ModeAt = 28;   // in struct statx, the same on every processor

    /// <summary>What the path leads to, links followed.</summary>
    public static FileKind Of(string path) => Look(path, 0)?.Kind ?? ByAttributes(path, followed: true);

    /// <summary>What is there itself: a link is a link.</summary>
    public static FileKind OfEntry(string path) => Look(path, NoFollow)?.Kind ?? ByAttributes(path, followed: false);

    /// <summary>User and group that own a file; null where the system does not say.</summary>
    public static (uint User, uint Group)? Owner(string path) => Look(path, 0) is { Kind: FileKind.Regular } found ? (found.User, found.Group) : null;

    /// <summary>The kind in words, with its article.</summary>
    public static string InWords(this FileKind kind) => kind switch
    {
        FileKind.None => "nothing there",
        FileKind.Regular => "a regular file",
        FileKind.Folder => "a folder",
        FileKind.Link => "a link",
        FileKind.NamedPipe => "a named pipe (FIFO)",
        FileKind.Device => "a device",
        _ => "a socket",
    };

    /// <exception cref="InputException">There is something at the path, and it is no regular file.</exception>
    public static void RequireReadable(string path)
    {
        if (Of(path) is not (FileKind.None or FileKind.Regular) and var kind)
            throw new InputException($"{path}: cannot be read: it is {kind.InWords()}. Name a regular file.");
    }

    private static (FileKind Kind, uint User, uint Group)? Look(string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> found = stackalloc byte[StatxBytes];
        if (Statx(CurrentFolder, path, flags, TypeModeOwner, ref MemoryMarshal.GetReference(found)) != 0)
            return null;
        return (OfMode(BinaryPrimitives.ReadUInt16LittleEndian(found[ModeAt..])), MemoryMarshal.Read<uint>(found[UserAt..]), MemoryMarshal.Read<uint>(found[GroupAt..]));
    }

    private static FileKind OfMode(int mode) => (mode & 0xF000) switch
    {
        0x1000 => FileKind.NamedPipe,
        0x2000 or 0x6000 => FileKind.Device,
        0x4000 => FileKind.Folder,
        0x8000 => FileKind.Regular,
        0xA000 => FileKind.Link,
        _ => FileKind.Socket,
    };

    /// <summary>Other systems keep no pipes and devices among files, or do not say; and here where nothing was found.</summary>
    private static FileKind ByAttributes(string path, bool followed)
    {
        if (!followed && new FileInfo(path).LinkTarget is not null)
            return FileKind.Link;
        return Directory.Exists(path) ? FileKind.Folder : File.Exists(path) ? FileKind.Regular : FileKind.None;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte found);
}
