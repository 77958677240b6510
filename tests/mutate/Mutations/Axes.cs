using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Talweg.Mutate.Mutations;

/// <summary>Two arguments of one type change places: rows for columns in an index, a weight for a bias in a call.</summary>
internal sealed class Axes : IMutation
{
    /// <inheritdoc/>
    public IEnumerable<ExpressionSyntax> Of(ExpressionSyntax node, SemanticModel model) => node switch
    {
        ElementAccessExpressionSyntax access when Swapped(access.ArgumentList.Arguments, model) is { } arguments =>
            [access.WithoutTrivia().WithArgumentList(SyntaxFactory.BracketedArgumentList(arguments))],
        InvocationExpressionSyntax call when !IsSymmetric(call) && Swapped(call.ArgumentList.Arguments, model) is { } arguments =>
            [call.WithoutTrivia().WithArgumentList(SyntaxFactory.ArgumentList(arguments))],
        _ => [],
    };

    private static bool IsSymmetric(InvocationExpressionSyntax call) => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Min" or "Max" or "Hypot" };

    /// <summary>Numbers alone: exceptions' texts and paths in other order are no formulas.</summary>
    private static SeparatedSyntaxList<ArgumentSyntax>? Swapped(SeparatedSyntaxList<ArgumentSyntax> arguments, SemanticModel model)
    {
        if (arguments is not [{ NameColon: null, RefKindKeyword.RawKind: 0 } first, { NameColon: null, RefKindKeyword.RawKind: 0 } second, ..])
            return null;
        if (model.GetTypeInfo(first.Expression).Type is not { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Double or SpecialType.System_Single } type
            || !SymbolEqualityComparer.Default.Equals(type, model.GetTypeInfo(second.Expression).Type)
            || first.Expression.IsEquivalentTo(second.Expression))
            return null;
        return SyntaxFactory.SeparatedList([first.WithExpression(second.Expression), second.WithExpression(first.Expression), .. arguments.Skip(2)]);
    }
}
