using System.Text;

namespace Talweg.Cli.Host;

/// <summary>How many files this process may hold open. Too few end .NET in the middle of something, so they are counted before anything is begun.</summary>
/// <remarks>
/// .NET holds two for every assembly. <see cref="Suffice"/> must itself do with what a limit of 40 leaves, so it uses nothing outside the core library:
/// the console alone would take a dozen.
/// </remarks>
internal static class FileHandles
{
    private const int OfTheProgram = 128;
    private const int OfAProcessor = 8;

    /// <summary>What a command holds at most, with some to spare: assemblies and native libraries, and the files of a cell on every processor.</summary>
    public static int Needed => OfTheProgram + OfAProcessor * Environment.ProcessorCount;

    /// <summary>What the system allows; null where that is not known to be a limit.</summary>
    public static unsafe ulong? Allowed
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return null;
            ulong* softAndHard = stackalloc ulong[2];
            return LinuxCalls.GetLimit(LinuxCalls.OpenFiles, softAndHard) == 0 ? softAndHard[0] : null;
        }
    }

    /// <summary>Whether there are enough; where not, standard error says so.</summary>
    public static unsafe bool Suffice()
    {
        if (Allowed is not { } allowed || allowed >= (ulong)Needed)
            return true;
        byte[] message = Encoding.UTF8.GetBytes($"talweg: open files: found a limit of {allowed}, expected at least {Needed}; raise it first: ulimit -n {Needed}\n");
        fixed (byte* bytes = message)
            LinuxCalls.WriteBarely(StandardStreams.Error, bytes, message.Length);
        return false;
    }
}
