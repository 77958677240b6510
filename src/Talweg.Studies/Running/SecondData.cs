using System.Security.Cryptography;
using System.Text;
using Talweg.Data;

namespace Talweg.Studies.Running;

/// <summary>A second data set that a study takes if it is at hand, since it may be a large download.</summary>
internal static class SecondData
{
    /// <summary>What the parameter says where there shall be none.</summary>
    public const string None = "none";

    /// <summary>Whether a data set can be had without a download.</summary>
    public static bool IsAtHand(string data, string? root) =>
        data != None && Datasets.Inspect(data, root, read: false).Presence is DatasetPresence.Present or DatasetPresence.ToDraw;

    /// <summary>Why cells of it are left out.</summary>
    public static string Missing(string data) => data == None ? "there shall be no data for it" : $"{data} is not at hand; `talweg data get {data}` fetches it into the cache, which is looked in where no folder is named";

    /// <summary>Both sets as one, so that results belong to both.</summary>
    public static StudyData Join(StudyData first, string second, DataContext context)
    {
        var other = Datasets.Load(second, context.DataRoot, context.Progress, context.Cancellation);
        string both = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{first.Checksum} {other.Checksum}")));
        return new($"{first.Name} and {other.Name}", both, first.Drawn) { Source = first.Source.And(other.Source) };
    }
}
