using System.Globalization;
using System.Text;

namespace Talweg.Cli;

/// <summary>Text that a terminal shows and does not obey.</summary>
/// <remarks>
/// Names and texts come from files of other people's making. Their control characters (C0 and C1, so escape codes of either form), and what changes the order of
/// letters or hides them, are shown as <c>\u001B</c>, which in a JSON document is the same character. Line ends and tabs stay; so do the joiners within words of some scripts.
/// </remarks>
internal static class PlainText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;
    private const int SoftHyphen = 0xAD;

    /// <summary>The text with all such characters made visible.</summary>
    public static string Of(string text)
    {
        if (!text.EnumerateRunes().Any(IsCommand))
            return text;
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            var rune = Rune.TryGetRuneAt(text, i, out var whole) ? whole : Rune.ReplacementChar;
            bool isLineEnd = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n';
            string part = text.Substring(i, rune.Utf16SequenceLength);
            _ = IsCommand(rune) && !isLineEnd ? Escape(plain, part) : plain.Append(part);
            i += rune.Utf16SequenceLength - 1;
        }

        return plain.ToString();
    }

    private static StringBuilder Escape(StringBuilder plain, string part)
    {
        foreach (char c in part)
            plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        return plain;
    }

    private static bool IsCommand(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => rune.Value is not ('\n' or '\t'),
        UnicodeCategory.Format => rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner or SoftHyphen),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        _ => false,
    };
}
