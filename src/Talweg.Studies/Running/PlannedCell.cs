using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Talweg.Studies.Running;

/// <summary>A cell with its address: the same address means the same result.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Address">16 hexadecimal digits.</param>
/// <param name="Settings">The cell's canonical JSON, without its label.</param>
internal sealed record PlannedCell(ICell Cell, string Address, string Settings)
{
    /// <summary>Addresses <paramref name="cell"/> by the study, its revision, Talweg's version, the data and the cell itself.</summary>
    public static PlannedCell Of(IStudy study, StudyData data, ICell cell)
    {
        string settings = CanonicalJson.Of(cell, without: nameof(ICell.Label));
        string identity = CanonicalJson.Of(new JsonObject
        {
            ["study"] = study.Name,
            ["revision"] = study.Revision,
            ["talweg"] = Versions.TalwegNumber,
            ["data"] = data.Checksum,
            ["cell"] = JsonNode.Parse(settings),
        });
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(identity));
        return new(cell, Convert.ToHexStringLower(hash)[..16], settings);
    }
}
