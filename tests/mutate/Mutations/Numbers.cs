using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Talweg.Mutate.Mutations;

/// <summary>A whole number is one more; a fraction is doubled.</summary>
internal sealed class Numbers : IMutation
{
    /// <inheritdoc/>
    public IEnumerable<ExpressionSyntax> Of(ExpressionSyntax node, SemanticModel model) =>
        node is LiteralExpressionSyntax { Token.Value: { } value } && Other(value) is { } other ? [other] : [];

    private static ExpressionSyntax? Other(object value) => value switch
    {
        int number and < int.MaxValue => SyntaxFactory.ParseExpression((number + 1).ToString(CultureInfo.InvariantCulture)),
        long number and < long.MaxValue => SyntaxFactory.ParseExpression((number + 1).ToString(CultureInfo.InvariantCulture) + "L"),
        double number => SyntaxFactory.ParseExpression(Double(number).ToString("R", CultureInfo.InvariantCulture) + "d"),
        float number => SyntaxFactory.ParseExpression(((float)Double(number)).ToString("R", CultureInfo.InvariantCulture) + "f"),
        _ => null,
    };

    private static double Double(double number) => number == 0 ? 1 : 2 * number;
}
