namespace Talweg.Data;

/// <summary>A name such as "idx:images,labels,test-images,test-labels,from=1".</summary>
/// <param name="Paths">Images and labels, or those of the training set and those of the test set.</param>
/// <param name="FirstLabel">The label of the first class: 0, or 1 as EMNIST counts letters.</param>
internal sealed record IdxFilesName(IReadOnlyList<string> Paths, int FirstLabel)
{
    public const string Prefix = "idx:", Pattern = "idx:IMAGES,LABELS[,TESTIMAGES,TESTLABELS]";
    private const string FromOne = "from=1";

    /// <exception cref="InputException">There are neither two files nor four.</exception>
    public static IdxFilesName Parse(string name)
    {
        string[] parts = name[Prefix.Length..].Split(',');
        bool fromOne = parts[^1] == FromOne;
        string[] paths = fromOne ? parts[..^1] : parts;
        return paths.Length is 2 or 4 && paths.All(path => path.Length > 0)
            ? new(paths, fromOne ? 1 : 0)
            : throw new InputException("data set", "name", $"\"{name}\"", $"{Pattern}[,{FromOne}]: two files or four, without commas in their paths");
    }

    public override string ToString() => $"{Prefix}{string.Join(',', Paths)}{(FirstLabel == 1 ? $",{FromOne}" : "")}";
}
