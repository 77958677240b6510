using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Talweg.Mutate.Mutations;

/// <summary>One kind of small change to a formula.</summary>
internal interface IMutation
{
    /// <summary>What <paramref name="node"/> may become, the changed part only; none where this kind does not apply.</summary>
    IEnumerable<ExpressionSyntax> Of(ExpressionSyntax node, SemanticModel model);
}
