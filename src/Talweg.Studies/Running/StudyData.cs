namespace Talweg.Studies.Running;

/// <summary>The data that a study measures on.</summary>
/// <param name="Name">"mnist".</param>
/// <param name="Checksum">Of the files, or of the numbers drawn; another checksum means other cells.</param>
/// <param name="Drawn">Whether Talweg draws the data itself; findings on such data are demonstrations.</param>
public sealed record StudyData(string Name, string Checksum, bool Drawn);
