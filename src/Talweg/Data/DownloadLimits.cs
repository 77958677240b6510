namespace Talweg.Data;

/// <summary>How long a download may take and how large it may grow.</summary>
public sealed record DownloadLimits
{
    /// <summary>For reaching a mirror, name lookup included.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without a single byte arriving.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a cut download is taken up again at one mirror.</summary>
    public int Resumptions { get; init; } = 5;

    /// <summary>Bytes of one file as it is sent.</summary>
    public long LargestFile { get; init; } = 256L << 20;

    /// <summary>Bytes of one file once unpacked.</summary>
    public long LargestUnpacked { get; init; } = 1L << 30;

    /// <summary>How often one mirror may send on to another address.</summary>
    internal int Redirects { get; init; } = 5;

    /// <summary>Whether plain http from this machine itself is taken, which tests need: everything else comes by https.</summary>
    internal bool AllowLoopback { get; init; }
}
