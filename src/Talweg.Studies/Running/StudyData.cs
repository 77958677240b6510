using Talweg.Data;

namespace Talweg.Studies.Running;

/// <summary>The data that a study measures on.</summary>
/// <param name="Name">"mnist".</param>
/// <param name="Checksum">Of the files, or of the numbers drawn; another checksum means other cells.</param>
/// <param name="Drawn">Whether Talweg draws the data itself; findings on such data are demonstrations.</param>
public sealed record StudyData(string Name, string Checksum, bool Drawn)
{
    /// <summary>Which files were taken; those of the same checksum from another place mean the same cells.</summary>
    public DatasetSource Source { get; init; } = new([]);
}
