using System.Globalization;
using System.Net;
using System.Text;

namespace Talweg.Studies.Reports;

/// <summary>Builds HTML; every interpolated value is escaped unless it is <see cref="Raw"/>.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends a line of markup, escaping what is interpolated.</summary>
    public Html Line(FormattableString markup)
    {
        object?[] arguments = [.. markup.GetArguments().Select(a => a is Raw raw ? raw.Markup : Escape(a))];
        _text.AppendFormat(CultureInfo.InvariantCulture, markup.Format, arguments).Append('\n');
        return this;
    }

    /// <summary>Appends a line per item.</summary>
    public Html Each<T>(IEnumerable<T> items, Action<Html, T> write)
    {
        foreach (var item in items)
            write(this, item);
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>Text for a reader, without what commands a terminal or turns the direction of writing: a file from elsewhere may hold either.</summary>
    private static string Escape(object? value) =>
        WebUtility.HtmlEncode(string.Concat((Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Where(IsShown)));

    private static bool IsShown(char c) => c is '\n' or '\t' || char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format);

    /// <summary>Markup that is inserted as it is.</summary>
    internal sealed record Raw(string Markup);
}
