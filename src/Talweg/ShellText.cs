using System.Globalization;
using System.Text;

namespace Talweg;

/// <summary>Words as a shell takes them: in a command that is shown to be typed, whatever a word holds stays one word and runs nothing.</summary>
public static class ShellText
{
    /// <summary>Words as one command.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>The word itself where no shell would change it, else in single quotes, or as <c>$'…'</c> where it holds control characters.</summary>
    public static string Quote(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal)))
            return word;
        return word.EnumerateRunes().Any(IsUnseen) ? Escaped(word) : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    private static string Escaped(string word)
    {
        var text = new StringBuilder("$'");
        foreach (var rune in word.EnumerateRunes())
            _ = IsUnseen(rune) ? text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}") : rune.Value is '\'' or '\\' ? text.Append('\\').Append((char)rune.Value) : text.Append(rune);
        return text.Append('\'').ToString();
    }

    /// <summary>Control characters, and what changes the order of letters or breaks lines.</summary>
    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
