using System.Text;

namespace Talweg.Storage;

/// <summary>Text from a file that nobody vouches for, made fit for an error message: short, and without control characters.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    /// <summary>As it is, but shortened and with control characters written as <c>\u001B</c>.</summary>
    public static string Name(string text) => text.Length > Longest ? Whole(text[..Longest]) + '…' : Whole(text);

    /// <summary>All of it, with control characters written as <c>\u001B</c>: for a path that is to be found again.</summary>
    public static string Whole(string text)
    {
        var shown = new StringBuilder();
        foreach (char c in text)
        {
            if (char.IsControl(c) || char.IsSurrogate(c))
                shown.Append($"\\u{(int)c:X4}");
            else
                shown.Append(c);
        }
        return shown.ToString();
    }

    /// <summary>The first few names, quoted and separated by commas.</summary>
    public static string Names(IReadOnlyCollection<string> names)
    {
        const int shown = 8;
        if (names.Count == 0)
            return "none";
        string list = string.Join(", ", names.Take(shown).Select(name => $"'{Name(name)}'"));
        return names.Count > shown ? $"{list} and {names.Count - shown} more" : list;
    }
}
