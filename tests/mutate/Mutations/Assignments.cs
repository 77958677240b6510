using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Talweg.Mutate.Mutations;

/// <summary>A compound assignment takes away what it should add, or divides by what it should multiply with.</summary>
internal sealed class Assignments : IMutation
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind> Others = new()
    {
        [SyntaxKind.AddAssignmentExpression] = SyntaxKind.SubtractAssignmentExpression,
        [SyntaxKind.SubtractAssignmentExpression] = SyntaxKind.AddAssignmentExpression,
        [SyntaxKind.MultiplyAssignmentExpression] = SyntaxKind.DivideAssignmentExpression,
        [SyntaxKind.DivideAssignmentExpression] = SyntaxKind.MultiplyAssignmentExpression,
    };

    /// <inheritdoc/>
    public IEnumerable<ExpressionSyntax> Of(ExpressionSyntax node, SemanticModel model) =>
        node is AssignmentExpressionSyntax assignment && Others.TryGetValue(node.Kind(), out var kind) && IsNumber(assignment.Left, model)
            ? [SyntaxFactory.AssignmentExpression(kind, assignment.Left.WithoutTrivia(), assignment.Right.WithoutTrivia())]
            : [];

    private static bool IsNumber(ExpressionSyntax left, SemanticModel model) =>
        model.GetTypeInfo(left).Type is { IsValueType: true, TypeKind: not TypeKind.Enum };
}
