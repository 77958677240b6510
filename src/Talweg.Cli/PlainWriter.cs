using System.Text;

namespace Talweg.Cli;

/// <summary>Writes everything as <see cref="PlainText"/>.</summary>
internal sealed class PlainWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override string NewLine
    {
        get => inner.NewLine;
#pragma warning disable CS8765 // Null means the default to the one underneath, too.
        set => inner.NewLine = value;
#pragma warning restore CS8765
    }

    /// <inheritdoc/>
    public override void Write(char value)
    {
        if (value == '\r')
            inner.Write(value);                                // half of a line end, where lines end so
        else
            inner.Write(PlainText.Of(value.ToString()));
    }

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => inner.Write(PlainText.Of(new string(buffer, index, count)));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => inner.Write(PlainText.Of(buffer.ToString()));

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(PlainText.Of(value ?? ""));

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(PlainText.Of(value ?? ""));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
