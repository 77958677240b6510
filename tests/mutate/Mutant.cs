using Microsoft.CodeAnalysis;

namespace Talweg.Mutate;

/// <summary>One small change to one place of the code.</summary>
internal sealed record Mutant
{
    /// <summary>By which the environment variable TALWEG_MUTANT wakes it.</summary>
    public required int Number { get; init; }

    /// <summary>Where it lives.</summary>
    public required Room Room { get; init; }

    /// <summary>The source file, relative to the repository, with /.</summary>
    public required string File { get; init; }

    /// <summary>The place that is changed: an expression, or a statement that is left out.</summary>
    public required SyntaxNode Node { get; init; }

    /// <summary>What stands there instead; null where a statement is left out.</summary>
    public required SyntaxNode? Replacement { get; init; }

    /// <summary>Line of the source file, from 1.</summary>
    public int Line => Node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>"σ / n → σ * n", on one line.</summary>
    public string Change => $"{OneLine(Node)} → {(Replacement is null ? "(nothing)" : OneLine(Replacement))}";

    /// <summary>The source line before the change, without indentation, the place between brackets: "return ⟦a⟧ + b;". Finds the place again after lines have moved.</summary>
    public string Source
    {
        get
        {
            var line = Node.SyntaxTree.GetText().Lines[Line - 1];
            string text = line.ToString();
            int start = Node.SpanStart - line.Start, end = Math.Min(Node.Span.End, line.End) - line.Start;
            return $"{text[..start]}⟦{text[start..end]}⟧{text[end..]}".Trim();
        }
    }

    private static string OneLine(SyntaxNode node) => string.Join(' ', node.NormalizeWhitespace().ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
