using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Talweg.Mutate.Mutations;

namespace Talweg.Mutate;

/// <summary>Every change that could be made to a file.</summary>
internal static class MutantFinder
{
    private static readonly IMutation[] Kinds = [new Operators(), new Assignments(), new Numbers(), new Signs(), new Calls(), new Axes()];

    /// <summary>Places and what may stand there; the number of a mutant is given later.</summary>
    public static IEnumerable<(SyntaxNode Node, SyntaxNode? Replacement)> In(SyntaxTree tree, SemanticModel model)
    {
        foreach (var node in tree.GetRoot().DescendantNodes().Where(node => !IsExempt(node)))
            switch (node)
            {
                case ExpressionSyntax expression when CanStandInAChoice(expression):
                    foreach (var replacement in Kinds.SelectMany(kind => kind.Of(expression, model)))
                        yield return (node, replacement);
                    break;
                case ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } when ReturnsNothing(call, model):
                    yield return (node, null);
                    break;
            }
    }

    /// <summary>What must be constant, what only words an error, and what matches a shape.</summary>
    private static bool IsExempt(SyntaxNode node) => node.AncestorsAndSelf().Any(above => above is
        AttributeListSyntax or ThrowExpressionSyntax or ThrowStatementSyntax or InterpolatedStringExpressionSyntax or PatternSyntax
        or CaseSwitchLabelSyntax or EnumMemberDeclarationSyntax or EqualsValueClauseSyntax { Parent: ParameterSyntax }
        || above is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.ConstKeyword)
        || above is LocalDeclarationStatementSyntax { IsConst: true });

    /// <summary>Not what is assigned to or referred to, what declares a variable, or the step in a loop's head.</summary>
    private static bool CanStandInAChoice(ExpressionSyntax node) => !IsVariable(node)
        && !(node.Parent is ForStatementSyntax loop && loop.Condition != node)
        && !node.DescendantNodesAndSelf().Any(inner => inner is DeclarationExpressionSyntax or SingleVariableDesignationSyntax);

    private static bool IsVariable(ExpressionSyntax node) => node.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == node,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
        RefExpressionSyntax or PostfixUnaryExpressionSyntax => true,
        PrefixUnaryExpressionSyntax prefix => prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression,
        _ => false,
    };

    private static bool ReturnsNothing(InvocationExpressionSyntax call, SemanticModel model) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { ReturnsVoid: true } method
        && !method.Parameters.Any(parameter => parameter.RefKind == RefKind.Out)
        && !method.Name.StartsWith("Throw", StringComparison.Ordinal)
        && !method.ContainingNamespace.ToDisplayString().StartsWith("System.Diagnostics", StringComparison.Ordinal)
        && method.Name is not ("Dispose" or "Flush" or "WriteLine" or "SuppressFinalize" or "KeepAlive" or "Free");
}
