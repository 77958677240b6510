using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Talweg.Mutate.Mutations;

/// <summary>The neighbouring function: the largest for the smallest, the last for the first, the mean for the largest, a logarithm for its argument.</summary>
internal sealed class Calls : IMutation
{
    private static readonly Dictionary<string, string> Others = new()
    {
        ["Max"] = "Min",
        ["Min"] = "Max",
        ["MaxBy"] = "MinBy",
        ["MinBy"] = "MaxBy",
        ["First"] = "Last",
        ["Last"] = "First",
        ["Average"] = "Max",
        ["Sum"] = "Max",
        ["OrderBy"] = "OrderByDescending",
        ["OrderByDescending"] = "OrderBy",
        ["Skip"] = "Take",
        ["Take"] = "Skip",
        ["Any"] = "All",
        ["All"] = "Any",
        ["Floor"] = "Ceiling",
        ["Ceiling"] = "Floor",
        ["Log"] = "Exp",
        ["Exp"] = "Log",
        ["Cos"] = "Sin",
        ["Sin"] = "Cos",
        ["TakeWhile"] = "SkipWhile",
    };

    private static readonly HashSet<string> Dropped = ["Abs", "Sqrt", "Log1P", "Log10", "Reverse"];

    /// <inheritdoc/>
    public IEnumerable<ExpressionSyntax> Of(ExpressionSyntax node, SemanticModel model)
    {
        if (node is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } called } call)
            yield break;
        if (Others.TryGetValue(name.Identifier.Text, out string? other))
            yield return call.WithoutTrivia().WithExpression(called.WithName(SyntaxFactory.IdentifierName(other)));
        if (Dropped.Contains(name.Identifier.Text) && call.ArgumentList.Arguments is [{ Expression: var argument }])
            yield return SyntaxFactory.ParenthesizedExpression(argument.WithoutTrivia());
    }
}
