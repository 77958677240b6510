using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Talweg.Mutate.Mutations;

/// <summary>One binary operator for another: sums and differences, products and quotients, strict and closed comparisons, and and or.</summary>
internal sealed class Operators : IMutation
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind[]> Others = new()
    {
        [SyntaxKind.AddExpression] = [SyntaxKind.SubtractExpression],
        [SyntaxKind.SubtractExpression] = [SyntaxKind.AddExpression],
        [SyntaxKind.MultiplyExpression] = [SyntaxKind.DivideExpression],
        [SyntaxKind.DivideExpression] = [SyntaxKind.MultiplyExpression],
        [SyntaxKind.ModuloExpression] = [SyntaxKind.MultiplyExpression],
        [SyntaxKind.LessThanExpression] = [SyntaxKind.LessThanOrEqualExpression, SyntaxKind.GreaterThanExpression],
        [SyntaxKind.LessThanOrEqualExpression] = [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanExpression],
        [SyntaxKind.GreaterThanExpression] = [SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.LessThanExpression],
        [SyntaxKind.GreaterThanOrEqualExpression] = [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanExpression],
        [SyntaxKind.EqualsExpression] = [SyntaxKind.NotEqualsExpression],
        [SyntaxKind.NotEqualsExpression] = [SyntaxKind.EqualsExpression],
        [SyntaxKind.LogicalAndExpression] = [SyntaxKind.LogicalOrExpression],
        [SyntaxKind.LogicalOrExpression] = [SyntaxKind.LogicalAndExpression],
    };

    /// <inheritdoc/>
    public IEnumerable<ExpressionSyntax> Of(ExpressionSyntax node, SemanticModel model) =>
        node is BinaryExpressionSyntax binary && Others.TryGetValue(node.Kind(), out var kinds) && !IsText(binary, model)
            ? kinds.Select(kind => SyntaxFactory.BinaryExpression(kind, binary.Left.WithoutTrivia(), binary.Right.WithoutTrivia()))
            : [];

    private static bool IsText(BinaryExpressionSyntax binary, SemanticModel model) =>
        binary.IsKind(SyntaxKind.AddExpression) && model.GetTypeInfo(binary).Type?.SpecialType == SpecialType.System_String;
}
