using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Talweg.Mutate.Mutations;

/// <summary>A minus or a 'not' is lost.</summary>
internal sealed class Signs : IMutation
{
    /// <inheritdoc/>
    public IEnumerable<ExpressionSyntax> Of(ExpressionSyntax node, SemanticModel model) =>
        node is PrefixUnaryExpressionSyntax prefix && (node.IsKind(SyntaxKind.UnaryMinusExpression) || node.IsKind(SyntaxKind.LogicalNotExpression))
            ? [SyntaxFactory.ParenthesizedExpression(prefix.Operand.WithoutTrivia())]
            : [];
}
